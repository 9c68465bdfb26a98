package io.gapstream.localstack.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * How long a command goes on asking a service that cannot answer now. A part that died is started
 * again, a database comes back, and a queue gets shorter; a request that is sent twice is the same
 * request, so asking again harms nothing. Not thread-safe.
 */
final class Patience {

  /** A part that dies is up again in some seconds, and a database recovers in some tens. */
  private static final Duration FOR_A_SERVICE = Duration.ofSeconds(90);

  /** Whoever never answered may not be there at all; a wrong address is to be told soon. */
  private static final Duration FOR_A_STRANGER = Duration.ofSeconds(15);

  /** A queue says itself when to come again. */
  private static final Duration FOR_A_QUEUE = Duration.ofMinutes(10);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Terminal terminal;
  private boolean hasAnswered;

  Patience(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Sends a request once. */
  interface Sending {
    HttpResponse<byte[]> send() throws IOException, InterruptedException;
  }

  /**
   * Sends until there is an answer that is not "later", or the patience is at its end.
   *
   * @param service which is asked, for messages
   * @throws IOException if there was no answer to the end
   */
  HttpResponse<byte[]> send(URI service, Sending request) throws IOException, InterruptedException {
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      String why;
      Duration pause;
      try {
        HttpResponse<byte[]> response = request.send();
        hasAnswered = true;
        int status = response.statusCode();
        boolean later = status == 429 || status == 502 || status == 503;
        pause = later ? retryAfter(response) : PAUSE;
        if (!later
            || waited.plus(pause).compareTo(status == 429 ? FOR_A_QUEUE : FOR_A_SERVICE) > 0) {
          return response;
        }
        why = "answers " + status + (status == 429 ? ", its queue is full" : "");
      } catch (IOException e) {
        if (waited.plus(PAUSE).compareTo(hasAnswered ? FOR_A_SERVICE : FOR_A_STRANGER) > 0
            || !isPassing(e)) {
          throw e;
        }
        pause = PAUSE;
        why = "does not answer";
      }
      if (!told) {
        told = true;
        terminal.progress(service + " " + why + "; asking again");
      }
      Waiting.pause(pause);
    }
  }

  /** Whether a connection failed, and not the reading of an answer that is no HTTP. */
  private boolean isPassing(IOException e) {
    return e instanceof ConnectException || hasAnswered;
  }

  private static Duration retryAfter(HttpResponse<byte[]> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    if (!seconds.matches("[0-9]{1,9}")) {
      return PAUSE;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked.isZero() ? PAUSE : asked;
  }
}
