package io.gapstream.trainer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What a deployment can set; application.properties names the environment variables. */
@ConfigMapping(prefix = "gapstream")
public interface TrainerConfig {

  /**
   * Datasets worked on at the same time (count). One, because the budget of a job is wall-clock
   * time and two jobs would take it from each other; more on machines with many cores.
   */
  @WithDefault("1")
  int workers();
}
