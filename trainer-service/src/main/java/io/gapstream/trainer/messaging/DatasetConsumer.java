package io.gapstream.trainer.messaging;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.servicekit.Attempts;
import io.gapstream.servicekit.EventSender;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.Jobs;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.servicekit.Shutdown;
import io.gapstream.servicekit.Worker;
import io.gapstream.trainer.TrainerConfig;
import io.gapstream.trainer.application.TrainingJob;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** One job for every dataset. */
@ApplicationScoped
public class DatasetConsumer implements Worker.Work<TrainingMessage> {

  private static final String SERVICE = "trainer-service";

  private final Jobs jobs;
  private final Environment environment;
  private final long jobBytes;
  private final EventSender<TrainingMessage> results;
  private final Worker<TrainingMessage> worker;

  DatasetConsumer(
      Jobs jobs,
      Attempts attempts,
      Shutdown shutdown,
      TrainerConfig config,
      Environment environment,
      Clock clock,
      @Channel("results") MutinyEmitter<byte[]> results,
      @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> progress) {
    this.jobs = jobs;
    jobs.showCapacity(config.workers());
    this.environment = environment;
    jobBytes = TrainingJob.heapBytes(config.workers());
    this.results = new EventSender<>(Topic.TRAININGS, results, SERVICE, clock, shutdown);
    EventSender<ProgressMessage> teller =
        new EventSender<>(Topic.PROGRESS, progress, SERVICE, clock, shutdown);
    this.worker =
        new Worker<>(SERVICE, Topic.TRAININGS, jobs, attempts, this::send, teller::tell, this);
  }

  /**
   * Runs the job of a record.
   *
   * @return completes once every result is acknowledged; only then is the record
   */
  @Incoming("datasets")
  @Blocking(ordered = false, value = "jobs")
  CompletionStage<Void> consume(ConsumerRecord<String, byte[]> record) {
    return worker.take(record);
  }

  @Override
  public double budgetSeconds(DatasetMessage dataset) {
    return dataset.plan().training().budgetSeconds();
  }

  @Override
  public void run(
      DatasetMessage dataset,
      Problem problem,
      JobControl control,
      Function<TrainingMessage, CompletableFuture<Void>> send,
      ProgressReporter progress) {
    new TrainingJob(dataset, problem, environment, control, send, progress, jobBytes).run();
  }

  @Override
  public List<TrainingMessage> failures(
      DatasetMessage dataset, List<TrainingMessage> sent, String reason) {
    return TrainingJob.failures(dataset, sent, reason, environment);
  }

  private CompletableFuture<Void> send(TrainingMessage result) {
    return results
        .send(result)
        .thenRun(() -> jobs.countResult(result.method().jsonName(), result.status().jsonName()));
  }
}
