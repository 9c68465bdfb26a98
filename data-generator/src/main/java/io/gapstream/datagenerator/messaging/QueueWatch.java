package io.gapstream.datagenerator.messaging;

import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Topic;
import io.gapstream.datagenerator.application.Admission;
import io.gapstream.datagenerator.application.Waiting;
import io.gapstream.datagenerator.application.Work;
import io.gapstream.datagenerator.application.WorkerGroup;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks once a second at what waits on the topic of datasets, tells {@link Admission} and shows it
 * as gauges. Has a thread of its own, since the broker may be slow to answer or away.
 */
@ApplicationScoped
public class QueueWatch {

  private static final Logger LOG = Logger.getLogger(QueueWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String bootstrapServers;
  private final Admission admission;
  private final Work usual;
  private final Clock clock;
  private final Thread thread = new Thread(this::run, "queue-watch");
  private volatile boolean stopped;

  QueueWatch(
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
      Admission admission,
      RunPlan defaultPlan,
      Clock clock,
      MeterRegistry registry) {
    this.bootstrapServers = bootstrapServers;
    this.admission = admission;
    this.usual = Work.of(defaultPlan);
    this.clock = clock;
    Gauge.builder("gapstream.waiting.limit", admission, Admission::limitSeconds)
        .baseUnit("seconds")
        .description("Budget that may wait for one replica of a worker group")
        .register(registry);
    for (WorkerGroup group : WorkerGroup.values()) {
      gauge(
          registry,
          group,
          "gapstream.waiting.datasets",
          null,
          "Datasets that a worker group has not done",
          Waiting::datasets);
      gauge(
          registry,
          group,
          "gapstream.waiting.work",
          "seconds",
          "Budget of the datasets that a worker group has not done",
          Waiting::seconds);
      gauge(
          registry,
          group,
          "gapstream.waiting.age",
          "seconds",
          "Age of the oldest dataset that a worker group has not done; 0 when there is none",
          this::age);
    }
  }

  private void gauge(
      MeterRegistry registry,
      WorkerGroup group,
      String name,
      @Nullable String unit,
      String description,
      ToDoubleFunction<Waiting> value) {
    Gauge.builder(
            name,
            admission,
            // Not a number while nobody knows.
            known -> known.waiting(group).map(value::applyAsDouble).orElse(Double.NaN))
        .baseUnit(unit)
        .description(description)
        .tag("group", group.id())
        .register(registry);
  }

  private double age(Waiting waiting) {
    return waiting.oldest() == null
        ? 0
        : Math.max(0, clock.millis() - waiting.oldest().toEpochMilli()) * 1e-3;
  }

  void onStart(@Observes StartupEvent event) {
    thread.setDaemon(true);
    thread.start();
  }

  void onStop(@Observes ShutdownEvent event) {
    stopped = true;
    thread.interrupt();
  }

  private void run() {
    while (!stopped) {
      try (QueueReader reader = new QueueReader(bootstrapServers, usual, clock)) {
        while (!stopped) {
          long number = admission.beginLook();
          admission.endLook(number, reader.look(), reader.retention());
          Thread.sleep(PAUSE.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (KafkaException e) {
        // A new reader starts from what the broker says then, whatever has become of the topic.
        if (!stopped) {
          LOG.warnf(
              "Waiting datasets not read; tried again: topic=%s, reason=%s",
              Topic.DATASETS, e.getMessage());
        }
      } catch (RuntimeException e) {
        // Without this thread no request would ever be taken again.
        LOG.errorf(e, "Waiting datasets not read; tried again: topic=%s", Topic.DATASETS);
      }
      pause();
    }
  }

  private void pause() {
    try {
      Thread.sleep(stopped ? 0 : PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
