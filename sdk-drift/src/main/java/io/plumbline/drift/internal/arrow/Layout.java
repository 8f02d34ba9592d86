package io.plumbline.drift.internal.arrow;

import io.plumbline.internal.Printable;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.flatbuf.UnionMode;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a field lie in a batch: what is needed to read them, or to pass them over.
 *
 * @param name the field's name
 * @param kind how values are read
 * @param width bytes of a value; the number of items for a fixed-size list; 0 for others
 * @param signed whether an integer has a sign
 * @param perSecond timestamps count so many in a second
 * @param buffers how many buffers the field has, without those of its children
 * @param views whether more buffers follow, as many as the batch says
 * @param children the fields in this one
 * @param dictionary the id of the dictionary that the values are codes of, or -1
 * @param values how the dictionary's values lie; null without a dictionary
 */
record Layout(
    String name,
    Kind kind,
    int width,
    boolean signed,
    long perSecond,
    int buffers,
    boolean views,
    List<Layout> children,
    long dictionary,
    @Nullable Layout values) {

  /** How values are read. */
  enum Kind {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    TEXT,
    LARGE_TEXT,
    TEXT_VIEW,
    TIMESTAMP,
    DATE,
    LIST_OF_FLOATS,
    OTHER
  }

  private static final int MAX_DEPTH = 32;
  private static final int MAX_FIELDS = 1 << 20;
  private static final int MAX_NAMES = 1 << 25;

  /** The layouts of a schema's fields. */
  static List<Layout> of(FieldVector fields) {
    return of(fields, 0, new int[2]);
  }

  /** A vector of fields, of a schema or in a field. */
  interface FieldVector {
    int length();

    @Nullable Field get(int i);
  }

  private static List<Layout> of(FieldVector fields, int depth, int[] seen) {
    int n = fields.length();
    seen[0] += n;
    // Offsets in a hostile file may form a circle.
    if (depth > MAX_DEPTH || n < 0 || seen[0] > MAX_FIELDS) {
      throw new Damage("its schema has too many fields, or too many inside each other");
    }
    List<Layout> layouts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Field field = fields.get(i);
      if (field == null) {
        throw new Damage("its schema lacks a field");
      }
      layouts.add(of(field, depth, seen));
    }
    return layouts;
  }

  private static Layout of(Field field, int depth, int[] seen) {
    String name = field.name() == null ? "" : field.name();
    seen[1] += name.length();
    // Many fields may point to one long name.
    if (seen[1] > MAX_NAMES || seen[1] < 0) {
      throw new Damage("the names of its fields are too long");
    }
    List<Layout> children =
        of(
            new FieldVector() {
              @Override
              public int length() {
                return field.childrenLength();
              }

              @Override
              public @Nullable Field get(int i) {
                return field.children(i);
              }
            },
            depth + 1,
            seen);
    Layout plain = plain(field, name, children);
    var encoding = field.dictionary();
    if (encoding == null) {
      return plain;
    }
    Int index = encoding.indexType();
    Layout codes =
        index == null
            ? integer(name, Integer.SIZE, true)
            : integer(name, index.bitWidth(), index.isSigned());
    return new Layout(
        name, codes.kind, codes.width, codes.signed, 0, 2, false, List.of(), encoding.id(), plain);
  }

  private static Layout integer(String name, int bits, boolean signed) {
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw new Damage("its field " + Printable.quote(name) + " has integers of " + bits + " bits");
    }
    return new Layout(name, Kind.INTEGER, bits / 8, signed, 0, 2, false, List.of(), -1, null);
  }

  private static Layout simple(String name, Kind kind, int width, long perSecond, int buffers) {
    return new Layout(
        name, kind, width, true, perSecond, buffers, kind == Kind.TEXT_VIEW, List.of(), -1, null);
  }

  private static Layout other(String name, int buffers, boolean views, List<Layout> children) {
    return new Layout(name, Kind.OTHER, 0, true, 0, buffers, views, children, -1, null);
  }

  private static Layout plain(Field field, String name, List<Layout> children) {
    return switch (field.typeType()) {
      case Type.Null -> simple(name, Kind.NULL, 0, 0, 0);
      case Type.Bool -> simple(name, Kind.BOOLEAN, 0, 0, 2);
      case Type.Int -> {
        Int type = typed(field, new Int());
        yield integer(name, type.bitWidth(), type.isSigned());
      }
      case Type.FloatingPoint -> {
        short precision = typed(field, new FloatingPoint()).precision();
        yield precision == Precision.HALF
            ? other(name, 2, false, children)
            : simple(name, Kind.FLOAT, precision == Precision.DOUBLE ? 8 : 4, 0, 2);
      }
      case Type.Utf8 -> simple(name, Kind.TEXT, 0, 0, 3);
      case Type.LargeUtf8 -> simple(name, Kind.LARGE_TEXT, 0, 0, 3);
      case Type.Utf8View -> simple(name, Kind.TEXT_VIEW, 0, 0, 2);
      case Type.Timestamp -> {
        short unit = typed(field, new Timestamp()).unit();
        yield simple(name, Kind.TIMESTAMP, 8, perSecond(unit), 2);
      }
      case Type.Date ->
          typed(field, new Date()).unit() == DateUnit.DAY
              ? simple(name, Kind.DATE, 4, 0, 2)
              : simple(name, Kind.TIMESTAMP, 8, 1_000, 2);
      case Type.FixedSizeList -> list(field, name, children);
      case Type.Struct_ -> other(name, 1, false, children);
      case Type.List, Type.LargeList, Type.Map -> other(name, 2, false, children);
      case Type.ListView, Type.LargeListView -> other(name, 3, false, children);
      case Type.Binary, Type.LargeBinary -> other(name, 3, false, children);
      case Type.BinaryView -> other(name, 2, true, children);
      case Type.RunEndEncoded -> other(name, 0, false, children);
      case Type.Union ->
          other(name, typed(field, new Union()).mode() == UnionMode.Dense ? 2 : 1, false, children);
      case Type.Decimal, Type.Time, Type.Interval, Type.Duration, Type.FixedSizeBinary ->
          other(name, 2, false, children);
      default ->
          throw new Damage(
              "its field " + Printable.quote(name) + " is of the unknown type " + field.typeType());
    };
  }

  private static Layout list(Field field, String name, List<Layout> children) {
    int size = typed(field, new FixedSizeList()).listSize();
    boolean floats =
        children.size() == 1 && children.get(0).kind == Kind.FLOAT && size > 0 && size <= 1 << 20;
    return new Layout(
        name,
        floats ? Kind.LIST_OF_FLOATS : Kind.OTHER,
        size,
        true,
        0,
        1,
        false,
        children,
        -1,
        null);
  }

  private static long perSecond(short unit) {
    return switch (unit) {
      case TimeUnit.SECOND -> 1;
      case TimeUnit.MILLISECOND -> 1_000;
      case TimeUnit.MICROSECOND -> 1_000_000;
      case TimeUnit.NANOSECOND -> 1_000_000_000;
      default -> throw new Damage("its timestamps have the unknown unit " + unit);
    };
  }

  private static <T extends com.google.flatbuffers.Table> T typed(Field field, T type) {
    if (field.type(type) == null) {
      throw new Damage(
          "its field " + Printable.quote(String.valueOf(field.name())) + " has no type");
    }
    return type;
  }
}
