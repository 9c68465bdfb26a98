package io.gapstream.results;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** The settings of results-service; each has a default that fits one machine. */
@ConfigMapping(prefix = "gapstream.results")
public interface ResultsConfig {

  /**
   * Numbers of datasets kept in memory for verification, 8 bytes each. The default, 64 MB, holds
   * two datasets of the largest size or thousands of small ones.
   */
  @WithDefault("8000000")
  long cachedValues();

  /** Claims that wait for their dataset. */
  Pending pending();

  /** Claims that are kept because they were refuted, as they came. */
  Refuted refuted();

  /**
   * What claims may take that wait for their dataset. Across topics no order holds, so it is usual
   * that some wait for seconds.
   */
  interface Pending {

    /**
     * Claims of one experiment. A plan of the largest size sends fewer before its dataset has come
     * through; what comes on top goes to the dead letters.
     */
    @WithDefault("10000")
    @Min(1)
    long countPerExperiment();

    /**
     * Bytes of the claims of one experiment. The default holds twenty of the largest; what comes on
     * top goes to the dead letters.
     */
    @WithDefault("512M")
    MemorySize bytesPerExperiment();

    /** Claims of all experiments; on top of that the oldest are dropped. Small beside a table. */
    @WithDefault("100000")
    @Min(1)
    long count();

    /** Bytes of all claims; on top of that the oldest are dropped. Small beside a disk. */
    @WithDefault("4G")
    MemorySize bytes();

    /** How long a claim waits: as long as the topics keep its dataset. */
    @WithDefault("7d")
    Duration retention();
  }

  /** What refuted claims may take. They prove nothing; they are there to find out who lied. */
  interface Refuted {

    /** Claims of one experiment; what comes on top is counted and not kept. */
    @WithDefault("100")
    @Min(1)
    long countPerExperiment();

    /** Bytes of one experiment's; the default holds two of the largest. */
    @WithDefault("64M")
    MemorySize bytesPerExperiment();

    /** Claims of all experiments; on top of that the oldest are dropped. */
    @WithDefault("10000")
    @Min(1)
    long count();

    /** Bytes of all claims; on top of that the oldest are dropped. Small beside a disk. */
    @WithDefault("1G")
    MemorySize bytes();

    /** How long they are kept: time enough to look into an alarm. */
    @WithDefault("30d")
    Duration retention();
  }

  /**
   * Certificates sent to the broker in one transaction. Large enough to catch up quickly, small
   * enough to be repeated after a failure.
   */
  @WithDefault("64")
  int outboxBatch();

  /**
   * How long the broker's answer is waited for. Longer than the producer's {@code
   * delivery.timeout.ms} and twice its {@code max.block.ms}, so that a record given up here is not
   * sent later.
   */
  @WithDefault("30s")
  Duration outboxTimeout();

  /** How long sent certificates stay in the outbox, for whoever looks into what was sent when. */
  @WithDefault("7d")
  Duration outboxRetention();

  /** A comment goes to every live stream this often, so that proxies do not close idle ones. */
  @WithDefault("15s")
  Duration streamHeartbeat();

  /**
   * Events held for a live client that reads slowly. One that falls further behind is disconnected;
   * it comes back and reads the current state.
   */
  @WithDefault("1024")
  int streamBuffer();

  /**
   * Multiplications, each with its addition, that checking one claim may take: the default, the
   * same as that of {@code gap verify}, is more than any evidence takes that relaxation-service
   * sends, and about a quarter of an hour of one processor. A claim that may take more is not
   * judged.
   */
  @WithDefault("1e12")
  double maxCheckOperations();

  /**
   * The share of Java's heap that all checks under way may hold beside data and evidence, from 0 to
   * 1. A check whose matrices do not fit into it at all is not made; 5,000 columns take about 1 GB.
   */
  @WithDefault("0.5")
  double checkHeapShare();
}
