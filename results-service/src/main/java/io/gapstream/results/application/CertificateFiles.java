package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.DataSection;
import io.gapstream.contracts.CertificateFile.LowerClaim;
import io.gapstream.contracts.CertificateFile.ProblemStatement;
import io.gapstream.contracts.CertificateFile.Provenance;
import io.gapstream.contracts.CertificateFile.UpperClaim;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RunPlan;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.results.store.BoundRepository;
import io.gapstream.results.store.BoundRepository.Interval;
import io.gapstream.results.store.CertificateEntity;
import io.gapstream.results.store.ExperimentEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Certificates with all their evidence, for whoever wants to check one. Its numbers are those that
 * were verified before they were stored. Changes nothing.
 */
@ApplicationScoped
public class CertificateFiles {

  private final BoundRepository bounds;
  private final Problems problems;
  private final String version;

  CertificateFiles(
      BoundRepository bounds,
      Problems problems,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.bounds = bounds;
    this.problems = problems;
    this.version = version;
  }

  /** The file of a certificate. */
  @Transactional
  public Export file(String experimentId, boolean withData) {
    return bounds
        .interval(experimentId)
        .map(interval -> file(interval, withData))
        .orElseGet(Export.NoExperiment::new);
  }

  private Export file(Interval interval, boolean withData) {
    CertificateEntity certificate = interval.certificate();
    if (certificate.lower == null || interval.lower() == null) {
      return new Export.NoBound(BoundKind.LOWER, certificate.verdict);
    }
    if (certificate.upper == null || interval.upper() == null) {
      return new Export.NoBound(BoundKind.UPPER, certificate.verdict);
    }
    ExperimentEntity experiment = certificate.experiment;
    NumericArray x = null;
    NumericArray y = null;
    if (withData) {
      Problem problem = problems.find(experiment.id).orElseThrow().problem();
      x = NumericArray.matrix(problem.n(), problem.d(), problem.x());
      y = NumericArray.vector(problem.y());
    }
    CertificateFile file =
        new CertificateFile(
            new ProblemStatement(experiment.n, experiment.d, experiment.beta),
            new DataSection(experiment.sha256, x, y),
            LowerClaim.of(
                certificate.lower,
                MessageJson.read(interval.lower().document, LowerEvidence.class)),
            new UpperClaim(
                certificate.upper,
                MessageJson.read(interval.upper().document, NetworkWeights.class)),
            new Provenance(
                experiment.id,
                experiment.name,
                "gapstream " + version,
                MessageJson.read(experiment.plan.getBytes(StandardCharsets.UTF_8), RunPlan.class)
                    .relaxation()
                    .seed(),
                interval.at()));
    return new Export.File(CertificateFileJson.write(file));
  }
}
