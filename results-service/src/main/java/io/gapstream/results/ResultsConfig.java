package io.gapstream.results;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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
}
