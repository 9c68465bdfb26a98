package io.gapstream.relaxation.messaging;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.relaxation.RelaxationConfig;
import io.gapstream.relaxation.application.RelaxationJob;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.EventSender;
import io.gapstream.servicekit.Events;
import io.gapstream.servicekit.Jobs;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.servicekit.Shutdown;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** One job for every dataset. */
@ApplicationScoped
public class DatasetConsumer {

  private static final String SERVICE = "relaxation-service";

  private final Jobs jobs;
  private final Shutdown shutdown;
  private final RelaxationConfig config;
  private final Environment environment;
  private final EventSender<RelaxationMessage> results;
  private final EventSender<ProgressMessage> progress;

  DatasetConsumer(
      Jobs jobs,
      Shutdown shutdown,
      RelaxationConfig config,
      Environment environment,
      Clock clock,
      @Channel("results") MutinyEmitter<byte[]> results,
      @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> progress) {
    this.jobs = jobs;
    this.shutdown = shutdown;
    this.config = config;
    jobs.showCapacity(config.workers());
    this.environment = environment;
    this.results = new EventSender<>(Topic.RELAXATIONS, results, SERVICE, clock, shutdown);
    this.progress = new EventSender<>(Topic.PROGRESS, progress, SERVICE, clock, shutdown);
  }

  /**
   * Runs the job of a record.
   *
   * @return completes once every result is acknowledged; only then is the record
   */
  @Incoming("datasets")
  @Blocking(ordered = false, value = "jobs")
  CompletionStage<Void> consume(ConsumerRecord<String, byte[]> record) {
    DatasetMessage dataset = Events.incoming(Topic.DATASETS, record);
    Problem problem = DatasetProblem.of(dataset);
    return jobs.run(dataset.experimentId(), () -> job(dataset, problem).run());
  }

  private RelaxationJob job(DatasetMessage dataset, Problem problem) {
    return new RelaxationJob(
        dataset,
        problem,
        new RelaxationJob.Settings(
            config.resultInterval(),
            config.maxPatternBytes(),
            Math.max(1, Runtime.getRuntime().availableProcessors() / config.workers())),
        environment,
        shutdown,
        this::send,
        new ProgressReporter(dataset.experimentId(), SERVICE, System::nanoTime, progress::tell));
  }

  private CompletableFuture<Void> send(RelaxationMessage result) {
    return results
        .send(result)
        .thenRun(() -> jobs.countResult(result.method().jsonName(), result.status().jsonName()));
  }
}
