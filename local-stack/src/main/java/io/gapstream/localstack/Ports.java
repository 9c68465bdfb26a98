package io.gapstream.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** TCP ports on 127.0.0.1. */
final class Ports {

  /** Below the range that operating systems take for outgoing connections. */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;
  private static final int TRIES = 200;
  private static final int CONNECT_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Ports() {}

  /** A port that nothing listens on now. */
  static int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new StackException(
        "Found no free port between " + LOWEST + " and " + HIGHEST + " in " + TRIES + " tries.");
  }

  /** Whether a server could listen on the port now, on 127.0.0.1 and on every address. */
  static boolean isFree(int port) {
    return canBind(port, new InetSocketAddress("127.0.0.1", port))
        && canBind(port, new InetSocketAddress(port));
  }

  /**
   * Keeps a port from other programs until closed, without listening on it; null when it is taken.
   */
  static @Nullable Socket hold(int port) {
    Socket socket = new Socket();
    try {
      // With reuse two sockets could be bound as long as neither listens.
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      if (canBind(port, new InetSocketAddress("127.0.0.1", port))) {
        throw new IOException("Port " + port + " is not held.");
      }
      return socket;
    } catch (IOException e) {
      close(socket);
      return null;
    }
  }

  /** Gives a held port back. */
  static void close(Socket held) {
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not give back port " + held.getLocalPort(), e);
    }
  }

  /** Whether something accepts connections on the port. */
  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Refuses a port that is taken. It asks for a while: a process that is being started elsewhere in
   * this program has copies of all open sockets until its own program runs, so a port that was just
   * given back, or just tried, may look taken for an instant.
   *
   * @throws StackException if something listens on it
   */
  static void requireFree(int port, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isFree(port)) {
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "Port "
                + port
                + " for "
                + what
                + " is taken by another program. Stop that program or choose another port;"
                + " 0 picks a free one.");
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackException("Interrupted while port " + port + " was being tried.");
      }
    }
  }

  private static boolean canBind(int port, InetSocketAddress address) {
    if (port < 1 || port > 65_535) {
      throw new StackException("Port " + port + " is not between 1 and 65535.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
