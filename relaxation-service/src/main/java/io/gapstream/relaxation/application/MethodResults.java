package io.gapstream.relaxation.application;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.servicekit.FailureReason;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The results of one method of one job: any number of improvements, then exactly one last result.
 * Used by one thread.
 */
final class MethodResults {

  private final DatasetMessage dataset;
  private final RelaxationMethod method;
  private final Environment environment;
  private final long intervalNanos;
  private final JobControl control;
  private final Function<RelaxationMessage, CompletableFuture<Void>> send;
  private final long startNanos;

  private CompletableFuture<Void> improvement = CompletableFuture.completedFuture(null);
  private long improvementNanos;
  private int revision;

  MethodResults(
      DatasetMessage dataset,
      RelaxationMethod method,
      Environment environment,
      Duration interval,
      JobControl control,
      Function<RelaxationMessage, CompletableFuture<Void>> send) {
    this.dataset = dataset;
    this.method = method;
    this.environment = environment;
    this.intervalNanos = interval.toNanos();
    this.control = control;
    this.send = send;
    this.startNanos = control.workedNanos();
    this.improvementNanos = startNanos - intervalNanos;
  }

  /**
   * Sends an improvement without waiting for the broker, or passes over it: when the one before was
   * sent a moment ago, or is still on its way, because a better one or the last one will follow.
   *
   * @param outcome made only when it is sent
   */
  void improved(Supplier<Outcome> outcome) {
    long now = control.workedNanos();
    if (now - improvementNanos < intervalNanos || !improvement.isDone() || control.stopped()) {
      return;
    }
    improvementNanos = now;
    RelaxationMessage message;
    try {
      message = message(outcome.get(), false);
    } catch (InvalidMessageException e) {
      return; // A value that no message takes: the last result says what became of it.
    }
    improvement = send.apply(message).exceptionally(failure -> null);
    revision++;
  }

  /** Sends a result that is not the last, and waits until the broker has it. */
  void further(Outcome outcome) {
    control.await(improvement);
    control.await(send.apply(message(outcome, false)));
    revision++;
  }

  /**
   * Sends the last result and waits until the broker has everything. When the job is to stop, what
   * the method had by then is sent as one of several, because the method is done again.
   *
   * @return what was sent: the failure, where the outcome cannot be put into a message or the
   *     message cannot be sent
   * @throws JobStoppedException if the job is to stop
   */
  RelaxationMessage last(Outcome outcome) {
    if (control.stopped() && outcome.value() != null) {
      further(outcome);
    }
    control.check();
    control.await(improvement);
    try {
      return sendLast(outcome);
    } catch (InvalidMessageException | CompletionException e) {
      control.check();
      if (outcome.status() == Status.FAILED) {
        throw e;
      }
      return sendLast(Outcome.failed(outcome.kind(), FailureReason.of(e)));
    }
  }

  private RelaxationMessage sendLast(Outcome outcome) {
    RelaxationMessage message = message(outcome, true);
    control.await(send.apply(message));
    return message;
  }

  private RelaxationMessage message(Outcome outcome, boolean last) {
    double elapsedSeconds = (control.workedNanos() - startNanos) * 1e-9;
    return outcome.message(dataset, method, revision + 1, last, elapsedSeconds, environment);
  }
}
