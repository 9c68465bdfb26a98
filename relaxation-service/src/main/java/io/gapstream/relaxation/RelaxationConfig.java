package io.gapstream.relaxation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a deployment can set; application.properties names the environment variables. */
@ConfigMapping(prefix = "gapstream")
public interface RelaxationConfig {

  /**
   * Datasets worked on at the same time (count). One, because the budget of a job is wall-clock
   * time and two jobs would take it from each other; more on machines with many cores.
   */
  @WithDefault("1")
  int workers();

  /**
   * The least time between two results of one method, the last one apart (duration). A second,
   * because every result is verified again by results-service.
   */
  @WithDefault("1s")
  Duration resultInterval();

  /**
   * The most memory that the sampled activation patterns and their vectors may take (bytes). A GiB,
   * because the default heap of a small container would not hold more.
   */
  @WithDefault("1073741824")
  long maxPatternBytes();
}
