package io.gapstream.localstack;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a part is in its life. Each state offers only the steps that are legal from it:
 *
 * <pre>
 * Waiting -> Starting -> Up -> Resting -> Starting -> ...
 *               `-------------^
 * </pre>
 */
sealed interface Life {

  /** The name in the status. */
  String stateName();

  /** Nothing was started yet. */
  record Waiting() implements Life {

    Starting start(Instant now) {
      return new Starting(now, 0);
    }

    @Override
    public String stateName() {
      return "waiting";
    }
  }

  /**
   * The process is started and does not answer yet.
   *
   * @param since when it was started
   * @param failures how many times in a row it died before
   */
  record Starting(Instant since, int failures) implements Life {

    Up answered(RunningPart running, Instant now) {
      return new Up(running, now, failures, 0);
    }

    Resting failed(String reason, Instant now) {
      return Resting.after(failures + 1, reason, now);
    }

    @Override
    public String stateName() {
      return "starting";
    }
  }

  /**
   * It answered.
   *
   * @param running the process
   * @param since when it first answered
   * @param failures how many times in a row it died before
   * @param missed how many times in a row it did not answer when asked
   */
  record Up(RunningPart running, Instant since, int failures, int missed) implements Life {

    /** Whoever lived this long has earned a quick restart. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    Resting died(Instant now) {
      return ended("Process " + running.pid() + " ended.", now);
    }

    Up answeredAgain() {
      return new Up(running, since, failures, 0);
    }

    Up missedOne() {
      return new Up(running, since, failures, missed + 1);
    }

    /** It lives, but has not answered for too long and was killed. */
    Resting killed(Instant now) {
      return ended(
          "Process "
              + running.pid()
              + " did not answer "
              + missed
              + " times in a row and was killed.",
          now);
    }

    private Resting ended(String reason, Instant now) {
      boolean steady = Duration.between(since, now).compareTo(STEADY) > 0;
      return Resting.after(steady ? 1 : failures + 1, reason, now);
    }

    @Override
    public String stateName() {
      return missed == 0 ? "up" : "hung";
    }
  }

  /**
   * It died, and is left alone for a while so that a part that cannot start does not use up the
   * machine.
   *
   * @param failures how many times in a row it died, from 1
   * @param until when it is started again
   * @param reason why it died
   */
  record Resting(int failures, Instant until, String reason) implements Life {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int DOUBLINGS = 6;

    static Resting after(int failures, String reason, Instant now) {
      Duration pause = FIRST.multipliedBy(1L << Math.min(DOUBLINGS, failures - 1));
      return new Resting(
          failures, now.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause), reason);
    }

    Starting start(Instant now) {
      return new Starting(now, failures);
    }

    @Override
    public String stateName() {
      return "restarting";
    }
  }
}
