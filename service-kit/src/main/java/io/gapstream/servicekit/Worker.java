package io.gapstream.servicekit;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.numerics.problem.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes the records of datasets, one at a time on each calling thread: counts the attempt, decodes,
 * has the work done, and says what is to become of the record. A record that three attempts did not
 * bring to an end is given up.
 *
 * @param <M> the results
 */
public final class Worker<M extends Message> {

  /** Attempts at a record before it is given up: enough for two accidents that were not its own. */
  private static final int MOST_ATTEMPTS = 3;

  /**
   * What a service does with a dataset.
   *
   * @param <M> the results
   */
  public interface Work<M extends Message> {

    /** What the plan grants this service, in seconds. */
    double budgetSeconds(DatasetMessage dataset);

    /**
     * Does it; returns when the broker has every result.
     *
     * @param send completes once the broker has the message
     * @throws JobStoppedException if the job is stopped first
     */
    void run(
        DatasetMessage dataset,
        Problem problem,
        JobControl control,
        Function<M, CompletableFuture<Void>> send,
        ProgressReporter progress);

    /**
     * A failed last result of everything planned that has no last result yet.
     *
     * @param sent every result of the experiment that was sent so far
     */
    List<M> failures(DatasetMessage dataset, List<M> sent, String reason);
  }

  private final String service;
  private final Jobs jobs;
  private final Attempts attempts;
  private final SentResults<M> sent;
  private final Function<M, CompletableFuture<Void>> send;
  private final Consumer<ProgressMessage> progress;
  private final Work<M> work;

  /**
   * @param service its name, for example {@code trainer-service}
   * @param results where its results go
   * @param send sends a result; completes once the broker has it
   * @param progress neither waits nor fails
   */
  public Worker(
      String service,
      Topic<M> results,
      Jobs jobs,
      Attempts attempts,
      Function<M, CompletableFuture<Void>> send,
      Consumer<ProgressMessage> progress,
      Work<M> work) {
    this.service = service;
    this.jobs = jobs;
    this.attempts = attempts;
    this.sent = new SentResults<>(results, attempts.broker());
    this.send = send;
    this.progress = progress;
    this.work = work;
  }

  /**
   * Does the job of a record.
   *
   * @return completed when the record is done with; failed, with what the channel's failure
   *     strategy decides by, when it is to come again or to be set aside
   */
  public CompletionStage<Void> take(ConsumerRecord<String, byte[]> record) {
    try {
      jobs.run(record, control -> attempt(record, control));
      return CompletableFuture.completedFuture(null);
    } catch (RuntimeException | StackOverflowError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void attempt(ConsumerRecord<String, byte[]> record, JobControl control) {
    int attempt = attempts.begin(service, record, control);
    try {
      if (attempt <= MOST_ATTEMPTS) {
        work(record, control);
      } else {
        giveUp(record, attempt, control);
      }
    } catch (JobStoppedException e) {
      attempts.giveBack(service, record);
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // What passes may come again, and so may what was given up and is not set aside yet.
      if (attempt <= MOST_ATTEMPTS && !PassingFailure.is(e)) {
        attempts.end(service, record);
      }
      throw e;
    }
    attempts.end(service, record);
  }

  private void work(ConsumerRecord<String, byte[]> record, JobControl control) {
    DatasetMessage dataset = Events.incoming(Topic.DATASETS, record);
    Problem problem = DatasetProblem.of(dataset);
    control.allow(jobs.allowed(work.budgetSeconds(dataset)));
    try {
      work.run(
          dataset,
          problem,
          control,
          send,
          new ProgressReporter(dataset.experimentId(), service, System::nanoTime, progress));
    } catch (RuntimeException | StackOverflowError e) {
      control.check();
      if (!PassingFailure.is(e)) {
        fail(dataset, record, FailureReason.of(e), control);
      }
      throw e;
    }
  }

  /** Always throws: the record goes to the dead letters. */
  private void giveUp(ConsumerRecord<String, byte[]> record, int attempt, JobControl control) {
    String reason =
        "The job was begun "
            + MOST_ATTEMPTS
            + " times and never came to an end: "
            + service
            + " was killed, ran out of memory or hung each time; ask for less, for example fewer"
            + " rows, columns or patterns, or give the service more memory.";
    // Whoever does not even survive this is only set aside.
    if (attempt == MOST_ATTEMPTS + 1) {
      DatasetMessage dataset = Events.incoming(Topic.DATASETS, record);
      DatasetProblem.requireIdentity(dataset);
      fail(dataset, record, reason, control);
    }
    throw new InvalidMessageException(reason);
  }

  private void fail(
      DatasetMessage dataset,
      ConsumerRecord<String, byte[]> record,
      String reason,
      JobControl control) {
    List<M> known = sent.of(dataset.experimentId(), record.timestamp(), control);
    for (M failure : work.failures(dataset, known, reason)) {
      control.await(send.apply(failure));
    }
  }
}
