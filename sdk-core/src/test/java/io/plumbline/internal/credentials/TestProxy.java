package io.plumbline.internal.credentials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.plumbline.internal.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP proxy that sends everything to this machine, whatever host was asked for, and keeps
 * the first line of each request, with the login behind it.
 */
public final class TestProxy implements AutoCloseable {
  private static final String REFUSED =
      String.join(
          "\r\n",
          "HTTP/1.1 407 Login",
          "Proxy-Authenticate: Basic realm=\"p\"",
          "Content-Length: 0",
          "",
          "");

  private final ServerSocket socket;
  private final int plainPort;
  private final int securePort;
  private final @Nullable String login;
  private final List<String> requests = new ArrayList<>();

  /**
   * Starts it.
   *
   * @param plainPort where requests go
   * @param securePort where tunnels go
   * @param login the value of the header that it asks for, or null
   */
  public TestProxy(int plainPort, int securePort, @Nullable String login) {
    this.plainPort = plainPort;
    this.securePort = securePort;
    this.login = login;
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Threads.daemon("test-proxy", this::accept).start();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Returns the requests so far, such as {@code CONNECT host:443 Basic ...}. */
  public List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Threads.daemon("test-proxy-client", () -> serve(client)).start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      while (true) {
        String head = head(client.getInputStream());
        String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
        String sent = header(head, "proxy-authorization");
        synchronized (requests) {
          requests.add(line[0] + " " + line[1] + (sent == null ? "" : " " + sent));
        }
        if (login != null && !login.equals(sent)) {
          client.getOutputStream().write(REFUSED.getBytes(ISO_8859_1));
          continue;
        }
        if (line[0].equals("CONNECT")) {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
          join(client, new byte[0], securePort);
        } else {
          join(client, forwarded(head, line), plainPort);
        }
        return;
      }
    } catch (IOException e) {
      // Either side has gone.
    }
  }

  private static byte[] forwarded(String head, String[] line) {
    URI uri = URI.create(line[1]);
    String rest = head.substring(head.indexOf("\r\n"));
    return (line[0] + " " + uri.getRawPath() + " " + line[2] + rest).getBytes(ISO_8859_1);
  }

  private static void join(Socket client, byte[] first, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      server.getOutputStream().write(first);
      Thread back =
          Threads.daemon(
              "test-proxy-back",
              () -> {
                // When the server has gone, so has the client's connection.
                try (client) {
                  server.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException e) {
                  // Either side has gone.
                }
              });
      back.start();
      client.getInputStream().transferTo(server.getOutputStream());
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("gone");
      }
      head.append((char) read);
    }
    return head.toString();
  }

  private static @Nullable String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
