package io.gapstream.results.application;

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
import io.gapstream.contracts.Verdict;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.results.store.CertificateEntity;
import io.gapstream.results.store.EvidenceRepository;
import io.gapstream.results.store.EvidenceRepository.Interval;
import io.gapstream.results.store.ExperimentEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Certificates with all their evidence, for whoever wants to check one. Its numbers are those that
 * were verified before they were stored. Changes nothing.
 */
@ApplicationScoped
public class CertificateFiles {

  /**
   * A certificate's file, or why there is none.
   *
   * @param verdict of the certificate
   * @param content the file; null while one of the bounds is missing
   */
  @SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
  public record Exported(Verdict verdict, byte @Nullable [] content) {}

  private final EvidenceRepository evidence;
  private final Problems problems;
  private final String version;

  CertificateFiles(
      EvidenceRepository evidence,
      Problems problems,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.evidence = evidence;
    this.problems = problems;
    this.version = version;
  }

  /** The file of a certificate; empty if there is no such experiment. */
  @Transactional
  public Optional<Exported> file(String experimentId, boolean withData) {
    return evidence
        .interval(experimentId)
        .map(interval -> new Exported(interval.certificate().verdict, content(interval, withData)));
  }

  private byte @Nullable [] content(Interval interval, boolean withData) {
    CertificateEntity certificate = interval.certificate();
    if (certificate.lower == null
        || certificate.upper == null
        || interval.lower() == null
        || interval.upper() == null) {
      return null;
    }
    ExperimentEntity experiment = certificate.experiment;
    NumericArray x = null;
    NumericArray y = null;
    if (withData) {
      Problem problem = problems.find(experiment.id).orElseThrow().problem();
      x = NumericArray.matrix(problem.n(), problem.d(), problem.x());
      y = NumericArray.vector(problem.y());
    }
    return CertificateFileJson.write(
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
                interval.at())));
  }
}
