package io.plumbline.internal.config;

import io.plumbline.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that speaks HTTP.
 *
 * @param host its name or address, without brackets
 * @param port its port
 * @param username the user's name there, or null if it asks for none
 * @param password the user's password there; empty if there is none
 */
public record ProxyAddress(String host, int port, @Nullable String username, Secret password) {

  /** Returns the address; of a login only that there is one. */
  @Override
  public String toString() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return "http://" + (username == null ? "" : "[hidden]@") + name + ":" + port;
  }
}
