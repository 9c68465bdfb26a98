package io.gapstream.localstack;

import java.io.IOException;

/** Signals for which Java has no method. */
final class Signals {

  private Signals() {}

  /** Stops a process where it is: it lives, keeps its ports, and answers nobody. */
  static void freeze(long pid) throws IOException, InterruptedException {
    send("-STOP", pid);
  }

  /** Lets a frozen process go on. */
  static void thaw(long pid) throws IOException, InterruptedException {
    send("-CONT", pid);
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    int code = new ProcessBuilder("/bin/sh", "-c", "kill " + signal + " " + pid).start().waitFor();
    if (code != 0) {
      throw new IOException("kill " + signal + " " + pid + " gave " + code);
    }
  }
}
