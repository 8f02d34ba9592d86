package io.plumbline.internal.copy;

import io.plumbline.model.Run;
import io.plumbline.spi.RunStore;

/**
 * Tells which runs of a store are copies of what a server has: sent to it, they would be there
 * twice.
 */
public final class Imported {
  private static final String RUN = " run ";

  private final String address;
  private final RunStore server;

  /**
   * Prepares to ask.
   *
   * @param address the server's
   * @param server is asked for runs that were copied from another address: it may be the same place
   *     under another name
   */
  public Imported(String address, RunStore server) {
    this.address = address;
    this.server = server;
  }

  /** Returns the tag's value that says where a copy comes from. */
  static String mark(String origin, String remoteId) {
    return origin + RUN + remoteId;
  }

  /** Returns whether a run was copied from that address; nobody is asked. */
  public static boolean isFrom(String address, Run run) {
    String mark = run.tags().get(StoreCopy.ORIGIN);
    return mark != null && mark.startsWith(mark(address, ""));
  }

  /**
   * Returns whether a run is a copy of one that the server has.
   *
   * @throws io.plumbline.TransportException if it has to be asked, and is away
   */
  public boolean isFromThere(Run run) {
    String mark = run.tags().get(StoreCopy.ORIGIN);
    int at = mark == null ? -1 : mark.lastIndexOf(RUN);
    if (mark == null || at < 0) {
      return false;
    }
    return isFrom(address, run) || server.find(mark.substring(at + RUN.length())).isPresent();
  }
}
