package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Sockets of the operating system are the oracle. */
class PortsTest {

  @Test
  void holdsAPortUntilItIsGivenBack() throws IOException {
    // Given
    int port = Ports.free();
    Socket held = Objects.requireNonNull(Ports.hold(port));

    // Then
    assertThat(Ports.isFree(port)).isFalse();
    assertThat(Ports.hold(port)).isNull();
    assertThat(Ports.accepts(port)).isFalse();

    // When
    Ports.close(held);

    // Then
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress("127.0.0.1", port));
      assertThat(Ports.accepts(port)).isTrue();
    }
  }

  @Test
  void holdsNoPortThatATakerListensOn() throws IOException {
    // Given
    int port = Ports.free();
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress("127.0.0.1", port));

      // Then
      assertThat(Ports.hold(port)).isNull();
      assertThatThrownBy(() -> Ports.requireFree(port, "a test"))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + port + " for a test is taken by another program");
    }
  }
}
