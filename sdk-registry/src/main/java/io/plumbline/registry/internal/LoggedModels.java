package io.plumbline.registry.internal;

import io.plumbline.NotFoundException;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelRef;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewVersion;
import java.util.List;

/** The models that runs have logged: what is registered, and what {@code runs:/} names. */
interface LoggedModels {
  /** Opens what keeps the runs, for writing; the caller closes it. */
  Backend open();

  /**
   * Finds the model that a reference by run or by id names.
   *
   * @throws NotFoundException if there is none
   */
  LoggedModel find(ModelRef ref);

  /**
   * Returns where a logged model comes from.
   *
   * @throws NotFoundException if it is not a model of these runs
   */
  Lineage lineage(LoggedModel model, List<String> parents);

  /** Returns what to register: the contents are where the registry is already, or are not. */
  NewVersion.Source source(LoggedModel model);
}
