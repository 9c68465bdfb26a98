package io.gapstream.datagenerator.messaging;

import io.gapstream.datagenerator.application.Admission;
import io.gapstream.datagenerator.application.WorkerGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Who does not know what waits takes nothing, so the service is not ready. */
@Readiness
@ApplicationScoped
class QueueHealth implements HealthCheck {

  private final Admission admission;

  QueueHealth(Admission admission) {
    this.admission = admission;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("Waiting datasets are known")
        .status(
            Arrays.stream(WorkerGroup.values())
                .allMatch(group -> admission.waiting(group).isPresent()))
        .build();
  }
}
