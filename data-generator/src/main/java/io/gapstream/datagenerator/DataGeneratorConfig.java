package io.gapstream.datagenerator;

import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.TrainingMethod;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** Everything that can be set on this service. */
@ConfigMapping(prefix = "gapstream")
public interface DataGeneratorConfig {

  /**
   * How long a request waits for the broker's acknowledgement before it is answered with 503.
   * Longer than the producer's own delivery timeout, so that a refusal means that it has given up.
   */
  @WithDefault("20S")
  Duration brokerTimeout();

  /**
   * How long a request waits for memory that others use before it is answered with 429; a dozen
   * times what the largest dataset takes.
   */
  @WithDefault("60S")
  Duration memoryTimeout();

  /** How much work may wait for the workers before requests are answered with 429. */
  Waiting waiting();

  /** How much work may wait for the workers before requests are answered with 429. */
  interface Waiting {

    /**
     * Budget that may wait for one replica of a worker, at most a quarter of the time that the
     * topic keeps a dataset, whatever is set here. An hour: who asks for more wants to hear of it.
     * A dataset for which nothing waits is taken whatever its own budget is.
     */
    @WithDefault("1H")
    Duration maxTime();

    /**
     * Datasets that may wait for a worker, from 1, whatever their budgets: starting a job takes
     * time too, and each takes up to 24 MiB of the broker's disk.
     */
    @WithDefault("1000")
    int maxDatasets();
  }

  /** What is used where a request says nothing. */
  Defaults defaults();

  /** What is used where a request says nothing. */
  interface Defaults {

    /** What relaxation-service is asked to do. */
    Relaxation relaxation();

    /** What trainer-service is asked to do. */
    Training training();

    /** How data are generated. */
    Generated generator();
  }

  /** What relaxation-service is asked to do. */
  interface Relaxation {

    /** All of them: the bounds complement each other, and the budget is shared. */
    @WithDefault("lifted,gated,cone-decomposition,column-generation")
    List<RelaxationMethod> methods();

    /** Sampled activation patterns; enough for a first estimate within the budget. */
    @WithDefault("200")
    int patterns();

    /** Any fixed number: the same request gives the same experiment. */
    @WithDefault("1")
    long seed();

    /** Seconds for all methods together; somebody waits for the first certificate. */
    @WithDefault("30")
    double budgetSeconds();
  }

  /** What trainer-service is asked to do. */
  interface Training {

    /** All of them: which one comes nearest to the bound is the question. */
    @WithDefault("gradient-descent,sgd-momentum,adam,lbfgs")
    List<TrainingMethod> methods();

    /** Neurons; wide enough for small data. */
    @WithDefault("100")
    List<Integer> widths();

    /** Initialisations; three show whether the outcome depends on them. */
    @WithDefault("1,2,3")
    List<Long> seeds();

    /** Steps of a run at most. */
    @WithDefault("2000")
    int steps();

    /** Seconds for all runs together; as long as the relaxations take. */
    @WithDefault("30")
    double budgetSeconds();
  }

  /** How data are generated. */
  interface Generated {

    /** Neurons of the planted teacher; few, so that a narrow network can fit the data. */
    @WithDefault("5")
    int teacherNeurons();

    /** Standard deviation of the noise on the teacher's outputs. */
    @WithDefault("0.1")
    double noise();

    /** Any fixed number: the same request gives the same data. */
    @WithDefault("1")
    long seed();
  }
}
