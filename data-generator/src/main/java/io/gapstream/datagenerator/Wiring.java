package io.gapstream.datagenerator;

import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.datagenerator.application.Admission;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.MemoryGate;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the plain classes available to the framework. */
final class Wiring {

  @Produces
  @Singleton
  Experiments experiments() {
    return new Experiments();
  }

  @Produces
  @Singleton
  MemoryGate memoryGate(DataGeneratorConfig config) {
    return new MemoryGate(Runtime.getRuntime().maxMemory(), config.memoryTimeout());
  }

  @Produces
  @Singleton
  Admission admission(DataGeneratorConfig config) {
    return new Admission(
        config.waiting().maxTime(),
        config.waiting().maxDatasets(),
        config.brokerTimeout(),
        System::nanoTime);
  }

  /** The plan of a request that names none. */
  @Produces
  @Singleton
  RunPlan defaultPlan(DataGeneratorConfig config) {
    DataGeneratorConfig.Relaxation relaxation = config.defaults().relaxation();
    DataGeneratorConfig.Training training = config.defaults().training();
    return new RunPlan(
        new RelaxationPlan(
            relaxation.methods(),
            relaxation.patterns(),
            relaxation.seed(),
            relaxation.budgetSeconds()),
        new TrainingPlan(
            training.methods(),
            training.widths(),
            training.seeds(),
            training.steps(),
            training.budgetSeconds()));
  }
}
