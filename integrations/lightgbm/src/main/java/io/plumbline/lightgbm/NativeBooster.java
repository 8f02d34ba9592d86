package io.plumbline.lightgbm;

import com.microsoft.ml.lightgbm.SWIGTYPE_p_double;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_int;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_long_long;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_p_void;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_void;
import com.microsoft.ml.lightgbm.lightgbmlib;
import com.microsoft.ml.lightgbm.lightgbmlibConstants;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A booster in native memory, with room there for one row and its outputs; it predicts one row at a
 * time without making anything in Java. For one thread at a time.
 *
 * <p>The row is copied number by number. lightgbm4j also has a call that pins the Java array
 * instead, which is twice as fast for hundreds of features; but the garbage collector may have to
 * wait while an array is pinned.
 */
final class NativeBooster implements AutoCloseable {
  /**
   * A row is predicted by the thread that calls. One thread is also the only safe number: LightGBM
   * keeps the last one for the whole process, and what runs there meanwhile has made room for as
   * many threads as there were before.
   */
  private static final String PARAMS = "num_threads=1 verbosity=0";

  private final int inputs;
  private final int outputs;
  private final SWIGTYPE_p_p_void booster;
  private final SWIGTYPE_p_p_void config = lightgbmlib.new_voidpp();
  private final SWIGTYPE_p_void handle;
  private final SWIGTYPE_p_double row;
  private final SWIGTYPE_p_void rowData;
  private final SWIGTYPE_p_double out;
  private final SWIGTYPE_p_long_long outLength = lightgbmlib.new_int64_tp();
  // Null when closed: then nothing native is called.
  private @Nullable SWIGTYPE_p_void fast;

  private NativeBooster(SWIGTYPE_p_p_void booster, int inputs, int outputs) {
    this.booster = booster;
    this.inputs = inputs;
    this.outputs = outputs;
    handle = lightgbmlib.voidpp_value(booster);
    row = lightgbmlib.new_doubleArray(inputs);
    rowData = lightgbmlib.double_to_voidp_ptr(row);
    out = lightgbmlib.new_doubleArray(outputs);
  }

  /**
   * Loads a model.
   *
   * @param text what {@link ModelCheck} has made
   * @param inputs how many features the text has
   * @param outputs how many classes
   * @throws IllegalArgumentException if LightGBM refuses it, with LightGBM's own words
   */
  static NativeBooster load(String text, int inputs, int outputs) {
    SWIGTYPE_p_p_void booster = lightgbmlib.new_voidpp();
    SWIGTYPE_p_int number = lightgbmlib.new_intp();
    try {
      if (lightgbmlib.LGBM_BoosterLoadModelFromString(text, number, booster) != 0) {
        lightgbmlib.delete_voidpp(booster);
        throw refused();
      }
      NativeBooster loaded = new NativeBooster(booster, inputs, outputs);
      try {
        loaded.prepare(number);
        return loaded;
      } catch (IllegalArgumentException e) {
        loaded.free();
        throw e;
      }
    } finally {
      lightgbmlib.delete_intp(number);
    }
  }

  private void prepare(SWIGTYPE_p_int number) {
    // What is written by LightGBM must fit what was made for it.
    boolean known = lightgbmlib.LGBM_BoosterGetNumFeature(handle, number) == 0;
    int features = lightgbmlib.intp_value(number);
    known &= lightgbmlib.LGBM_BoosterGetNumClasses(handle, number) == 0;
    int classes = lightgbmlib.intp_value(number);
    if (!known || features != inputs || classes != outputs) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it has read %d features and %d classes, not %d and %d",
              features,
              classes,
              inputs,
              outputs));
    }
    if (lightgbmlib.LGBM_BoosterPredictForMatSingleRowFastInit(
            handle,
            lightgbmlibConstants.C_API_PREDICT_NORMAL,
            0,
            -1,
            lightgbmlibConstants.C_API_DTYPE_FLOAT64,
            inputs,
            PARAMS,
            config)
        != 0) {
      throw refused();
    }
    fast = lightgbmlib.voidpp_value(config);
  }

  /** Sets a number of the row. */
  void set(int input, double value) {
    lightgbmlib.doubleArray_setitem(row, input, value);
  }

  /**
   * Predicts the row.
   *
   * @throws IllegalStateException if LightGBM cannot, with its own words
   */
  void predict() {
    if (lightgbmlib.LGBM_BoosterPredictForMatSingleRowFast(open(), rowData, outLength, out) != 0) {
      throw new IllegalStateException(
          "LightGBM cannot predict: " + lightgbmlib.LGBM_GetLastError());
    }
  }

  /** Returns an output of the row that was predicted. */
  double get(int output) {
    return lightgbmlib.doubleArray_getitem(out, output);
  }

  /**
   * Checks that it is not closed.
   *
   * @throws IllegalStateException if it is
   */
  void checkOpen() {
    SWIGTYPE_p_void unused = open();
  }

  private SWIGTYPE_p_void open() {
    SWIGTYPE_p_void open = fast;
    if (open == null) {
      throw new IllegalStateException("the predictor is closed; open another one of its model");
    }
    return open;
  }

  /** Gives the native memory back; again, it does nothing. */
  @Override
  public void close() {
    SWIGTYPE_p_void open = fast;
    fast = null;
    if (open != null) {
      int unused = lightgbmlib.LGBM_FastConfigFree(open);
      free();
    }
  }

  private void free() {
    int unused = lightgbmlib.LGBM_BoosterFree(handle);
    lightgbmlib.delete_voidpp(booster);
    lightgbmlib.delete_voidpp(config);
    lightgbmlib.delete_doubleArray(row);
    lightgbmlib.delete_doubleArray(out);
    lightgbmlib.delete_int64_tp(outLength);
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException(lightgbmlib.LGBM_GetLastError());
  }
}
