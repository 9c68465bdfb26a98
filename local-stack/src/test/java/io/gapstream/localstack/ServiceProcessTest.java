package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real HTTP server stands for whatever has the port. */
@Timeout(60)
final class ServiceProcessTest {

  @ParameterizedTest
  @CsvSource({"200, mine, true", "200, another, false", "200, '', false", "503, mine, false"})
  void believesOnlyTheServiceThatWasStarted(int status, String instance, boolean expected)
      throws IOException {
    // Given
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/q/health/ready",
        exchange -> {
          if (!instance.isEmpty()) {
            exchange.getResponseHeaders().add(ServiceProcess.INSTANCE, instance);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    int port = server.getAddress().getPort();

    // When
    boolean ready = ServiceProcess.asks(port, "ready", "mine");
    server.stop(0);

    // Then
    assertThat(ready).isEqualTo(expected);
  }

  @Test
  void isNotHeldUpByAServiceThatDoesNotAnswer() throws IOException {
    // Given
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {

      // When
      boolean live = ServiceProcess.asks(silent.getLocalPort(), "live", "mine");

      // Then
      assertThat(live).isFalse();
    }
  }
}
