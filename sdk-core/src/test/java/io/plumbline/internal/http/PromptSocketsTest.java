package io.plumbline.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sockets of requests")
class PromptSocketsTest {
  @Test
  @DisplayName("send at once, however they are made")
  void noDelay() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    PromptSockets sockets = new PromptSockets();
    try (ServerSocket server = new ServerSocket(0, 5, here);
        Socket open = sockets.createSocket();
        Socket byAddress = sockets.createSocket(here, server.getLocalPort());
        Socket byName = sockets.createSocket(here.getHostAddress(), server.getLocalPort());
        Socket bound = sockets.createSocket(here, server.getLocalPort(), here, 0)) {
      for (Socket socket : new Socket[] {open, byAddress, byName, bound}) {
        assertThat(socket.getTcpNoDelay()).isTrue();
      }
      assertThat(bound.isConnected()).isTrue();
      assertThat(open.isConnected()).isFalse();
    }
  }
}
