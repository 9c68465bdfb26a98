package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.InvalidMessageException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stopping, starting and running out of anything pass; what a record says stays. */
final class PassingFailureTest {

  static Stream<Throwable> passing() {
    IllegalStateException suppressing = new IllegalStateException("outer");
    suppressing.addSuppressed(new InterruptedException());
    return Stream.of(
        new RejectedExecutionException("WorkerPoolRegistry is being shut down"),
        new JobStoppedException(JobControl.Stop.SHUTDOWN),
        new CompletionException(new TimeoutException("no broker")),
        new IllegalStateException(new java.util.concurrent.TimeoutException()),
        new OutOfMemoryError("unable to create native thread"),
        suppressing);
  }

  static Stream<Throwable> staying() {
    Exception circular = new IllegalStateException("a");
    circular.initCause(new IllegalStateException("b", circular));
    return Stream.of(
        new InvalidMessageException("n is -1; it must be at least 1."),
        new IllegalStateException("broken"),
        new StackOverflowError(),
        new CompletionException(new RecordTooLargeException("too large")),
        circular);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void seesThatItPasses(Throwable failure) {
    assertThat(PassingFailure.is(failure)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("staying")
  void seesThatItStays(Throwable failure) {
    assertThat(PassingFailure.is(failure)).isFalse();
  }
}
