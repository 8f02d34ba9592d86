/** What training code calls: clients, trackers and the readers of runs. */
@NullMarked
package io.plumbline.tracking;

import org.jspecify.annotations.NullMarked;
