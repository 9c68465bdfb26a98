package io.gapstream.relaxation.messaging;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.relaxation.RelaxationConfig;
import io.gapstream.relaxation.application.RelaxationJob;
import io.gapstream.servicekit.Attempts;
import io.gapstream.servicekit.EventSender;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.Jobs;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.servicekit.Shutdown;
import io.gapstream.servicekit.Worker;
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
public class DatasetConsumer implements Worker.Work<RelaxationMessage> {

  private static final String SERVICE = "relaxation-service";

  private final Jobs jobs;
  private final RelaxationConfig config;
  private final Environment environment;
  private final EventSender<RelaxationMessage> results;
  private final Worker<RelaxationMessage> worker;

  DatasetConsumer(
      Jobs jobs,
      Attempts attempts,
      Shutdown shutdown,
      RelaxationConfig config,
      Environment environment,
      Clock clock,
      @Channel("results") MutinyEmitter<byte[]> results,
      @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> progress) {
    this.jobs = jobs;
    this.config = config;
    jobs.showCapacity(config.workers());
    this.environment = environment;
    this.results = new EventSender<>(Topic.RELAXATIONS, results, SERVICE, clock, shutdown);
    EventSender<ProgressMessage> teller =
        new EventSender<>(Topic.PROGRESS, progress, SERVICE, clock, shutdown);
    this.worker =
        new Worker<>(SERVICE, Topic.RELAXATIONS, jobs, attempts, this::send, teller::tell, this);
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
    return dataset.plan().relaxation().budgetSeconds();
  }

  @Override
  public void run(
      DatasetMessage dataset,
      Problem problem,
      JobControl control,
      Function<RelaxationMessage, CompletableFuture<Void>> send,
      ProgressReporter progress) {
    new RelaxationJob(
            dataset,
            problem,
            new RelaxationJob.Settings(
                config.resultInterval(),
                config.maxPatternBytes(),
                Math.max(1, Runtime.getRuntime().availableProcessors() / config.workers()),
                RelaxationJob.heapBytes(config.workers())),
            environment,
            control,
            send,
            progress)
        .run();
  }

  @Override
  public List<RelaxationMessage> failures(
      DatasetMessage dataset, List<RelaxationMessage> sent, String reason) {
    return RelaxationJob.failures(dataset, sent, reason, environment);
  }

  private CompletableFuture<Void> send(RelaxationMessage result) {
    return results
        .send(result)
        .thenRun(() -> jobs.countResult(result.method().jsonName(), result.status().jsonName()));
  }
}
