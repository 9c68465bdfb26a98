package io.gapstream.localstack;

import java.time.Duration;

/**
 * How long a part that runs may be silent before it is taken for frozen and killed.
 *
 * @param interval between two questions
 * @param timeout of one question
 * @param misses how many questions in a row may stay without an answer; at least 1
 */
record Patience(Duration interval, Duration timeout, int misses) {

  /**
   * A part answers within a second while it computes. On a machine that is short of memory or
   * processors it may take longer: half a minute is not hasty, and short for whoever waits.
   */
  static final Patience USUAL = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), 3);
}
