package io.plumbline.internal.copy;

import io.plumbline.ConfigException;
import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;

/**
 * Leaves out what cannot be copied, and tells it: what is wrong with one thing does not keep the
 * others from being copied. When the other side is away, the copy ends.
 */
final class Guard {
  private final Runnable question;
  private final CopyCount count;
  private boolean away;

  /**
   * Makes it.
   *
   * @param question asks the other side for something that it has; throws if it is away
   */
  Guard(Runnable question, CopyCount count) {
    this.question = question;
    this.count = count;
  }

  /**
   * Does something, or tells why not.
   *
   * @param what is named before the reason
   * @return whether it was done
   */
  boolean done(String what, Runnable action) {
    try {
      action.run();
      return true;
    } catch (ConflictException
        | IllegalArgumentException
        | NotFoundException
        | IntegrityException
        | ServerException.InvalidRequest e) {
      count.problem(what + ": " + e.getMessage());
    } catch (TransportException | ServerException | ConfigException e) {
      requireThere(e);
      count.problem(what + ": " + e.getMessage());
    }
    return false;
  }

  /** Who answers to another question has a problem with that one thing. */
  private void requireThere(PlumblineException failure) {
    if (away) {
      throw failure;
    }
    try {
      question.run();
    } catch (TransportException | ServerException | ConfigException e) {
      away = true;
      failure.addSuppressed(e);
      throw failure;
    }
  }
}
