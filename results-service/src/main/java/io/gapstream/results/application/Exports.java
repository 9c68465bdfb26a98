package io.gapstream.results.application;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.results.application.files.NpyFile;
import io.gapstream.results.application.files.NpzFile;
import io.gapstream.results.application.files.OnnxFile;
import io.gapstream.results.store.BoundRepository;
import io.gapstream.results.store.BoundRepository.Bound;
import io.gapstream.results.store.CertificateEntity;
import io.gapstream.results.store.ExperimentEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The parts of a certificate as files for other programs. Changes nothing. */
@ApplicationScoped
public class Exports {

  private final BoundRepository bounds;
  private final Problems problems;
  private final String version;

  Exports(
      BoundRepository bounds,
      Problems problems,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.bounds = bounds;
    this.problems = problems;
    this.version = version;
  }

  /** The network of the upper bound as an ONNX model. */
  @Transactional
  public Export onnx(String experimentId) {
    return network(
        experimentId, (certificate, network) -> OnnxFile.of(network, labels(certificate, network)));
  }

  /** The network of the upper bound as arrays {@code U} ({@code m x d}) and {@code a} (m). */
  @Transactional
  public Export npz(String experimentId) {
    return network(
        experimentId,
        (certificate, network) ->
            NpzFile.of(new TreeMap<>(Map.of("U", network.u(), "a", network.a()))));
  }

  /** The dual vector {@code nu} of the lower bound, n. */
  @Transactional
  public Export dual(String experimentId) {
    return file(
        bounds.lower(experimentId),
        BoundKind.LOWER,
        (certificate, document) ->
            NpyFile.of(MessageJson.read(document, LowerEvidence.class).dual()));
  }

  /** The features {@code X}, {@code n x d}, as the bounds are about them. */
  @Transactional
  public Export features(String experimentId) {
    return data(
        experimentId, problem -> NumericArray.matrix(problem.n(), problem.d(), problem.x()));
  }

  /** The targets {@code y}, n, as the bounds are about them. */
  @Transactional
  public Export targets(String experimentId) {
    return data(experimentId, problem -> NumericArray.vector(problem.y()));
  }

  private Export data(String experimentId, Function<Problem, NumericArray> array) {
    return problems
        .find(experimentId)
        .<Export>map(stored -> new Export.File(NpyFile.of(array.apply(stored.problem()))))
        .orElseGet(Export.NoExperiment::new);
  }

  private Export network(
      String experimentId, BiFunction<CertificateEntity, NetworkWeights, byte[]> format) {
    return file(
        bounds.upper(experimentId),
        BoundKind.UPPER,
        (certificate, document) ->
            format.apply(certificate, MessageJson.read(document, NetworkWeights.class)));
  }

  private static Export file(
      Optional<Bound> found, BoundKind kind, BiFunction<CertificateEntity, byte[], byte[]> format) {
    if (found.isEmpty()) {
      return new Export.NoExperiment();
    }
    CertificateEntity certificate = found.get().certificate();
    return found.get().evidence() == null
        ? new Export.NoBound(kind, certificate.verdict)
        : new Export.File(format.apply(certificate, found.get().evidence().document));
  }

  private OnnxFile.Labels labels(CertificateEntity certificate, NetworkWeights network) {
    ExperimentEntity experiment = certificate.experiment;
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("experimentId", experiment.id);
    facts.put("name", experiment.name);
    facts.put("n", String.valueOf(experiment.n));
    facts.put("d", String.valueOf(experiment.d));
    facts.put("m", String.valueOf(network.m()));
    facts.put("beta", String.valueOf(experiment.beta));
    facts.put("datasetSha256", experiment.sha256);
    facts.put("upper", String.valueOf(certificate.upper));
    facts.put("preprocessing", plainNumbers(experiment.preprocessing));
    return new OnnxFile.Labels(
        "gapstream-" + experiment.id,
        "The two-layer ReLU network y = (X U')_+ a behind the upper bound of a gap certificate. X"
            + " are features after the preprocessing in the metadata, y is the target after it.",
        version,
        facts);
  }

  /** What was done to the data before they came here, with arrays as anybody reads them. */
  private static String plainNumbers(String preprocessing) {
    Preprocessing given =
        MessageJson.read(preprocessing.getBytes(StandardCharsets.UTF_8), Preprocessing.class);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("standardized", given.standardized()).put("bias", given.bias());
    if (given.featureMeans() != null && given.featureScales() != null) {
      for (double mean : given.featureMeans().values()) {
        json.withArray("featureMeans").add(mean);
      }
      for (double scale : given.featureScales().values()) {
        json.withArray("featureScales").add(scale);
      }
      json.put("targetMean", given.targetMean()).put("targetScale", given.targetScale());
    }
    return json.toString();
  }
}
