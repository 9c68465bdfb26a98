package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claim {@code lower <= p* <= upper} with all its evidence, as docs/certificate-format.md has it.
 * The shapes agree with each other; whether the evidence proves the claim is for a checker to
 * judge.
 *
 * @param problem which problem
 * @param data its data, or their hash alone
 * @param lower the claim from below
 * @param upper the claim from above
 * @param provenance for people; null when it is not known, and always after reading
 */
@JsonPropertyOrder({"format", "problem", "data", "lower", "upper", "provenance"})
public record CertificateFile(
    ProblemStatement problem,
    DataSection data,
    LowerClaim lower,
    UpperClaim upper,
    @Nullable Provenance provenance) {

  /** The version of the format. */
  public static final String FORMAT = "gapcert/1";

  /** The media type. */
  public static final String MEDIA_TYPE = "application/vnd.gapstream.certificate+json";

  /** The largest file, in bytes. */
  public static final long MAX_BYTES = 256L * 1024 * 1024;

  static final String LOSS = "half-squared-error";
  static final String PENALTY = "half-weight-decay";
  static final String WIDTH = "any";

  /** Checks that everything is there and that the shapes agree. */
  public CertificateFile {
    Check.present(problem, "problem");
    Check.present(data, "data");
    Check.present(lower, "lower");
    Check.present(upper, "upper");
    if (data.x() != null && data.y() != null) {
      data.x().require("data.X", problem.n(), problem.d());
      data.y().require("data.y", problem.n());
    }
    lower.evidence().requireFits(problem.n(), problem.d());
    Check.that(
        upper.network().d() == problem.d(),
        "upper.network.U has %s columns; the data have %s.",
        upper.network().d(),
        problem.d());
  }

  /** Always {@link #FORMAT}. */
  @JsonProperty("format")
  String format() {
    return FORMAT;
  }

  /**
   * Problem (P) of docs/mathematics.md.
   *
   * @param n rows
   * @param d columns, one of ones included
   * @param beta the weight of the penalty
   */
  @JsonPropertyOrder({"n", "d", "beta", "loss", "penalty", "width"})
  public record ProblemStatement(int n, int d, double beta) {

    /** Checks the ranges. */
    public ProblemStatement {
      Check.count(n, 1, Limits.MAX_ROWS, "problem.n");
      Check.count(d, 1, Limits.MAX_COLUMNS, "problem.d");
      Check.count(n * (d + 1L), 1, Limits.MAX_VALUES, "n * (d + 1) of the problem");
      Check.positive(beta, "problem.beta");
    }

    @JsonProperty("loss")
    String loss() {
      return LOSS;
    }

    @JsonProperty("penalty")
    String penalty() {
      return PENALTY;
    }

    @JsonProperty("width")
    String width() {
      return WIDTH;
    }
  }

  /**
   * The data.
   *
   * @param sha256 of them, see docs/certificate-format.md
   * @param x {@code n x d}, or null when the data come from elsewhere
   * @param y n, or null exactly when X is
   */
  @JsonPropertyOrder({"sha256", "X", "y"})
  public record DataSection(
      String sha256, @JsonProperty("X") @Nullable NumericArray x, @Nullable NumericArray y) {

    /** Checks that X and y are there both or not at all. */
    public DataSection {
      Check.sha256(sha256, "data.sha256");
      Check.that(
          (x == null) == (y == null), "data has only one of X and y; give both, or neither.");
    }
  }

  /**
   * The claim {@code p* >= value}.
   *
   * @param value what is claimed
   * @param dual {@code nu}, n
   * @param scale {@code s}, 0 or above
   * @param witness for both signs
   */
  @JsonPropertyOrder({"value", "dual", "scale", "witness"})
  public record LowerClaim(double value, NumericArray dual, double scale, BothSigns witness) {

    /** Checks that everything is there. */
    public LowerClaim {
      Check.finite(value, "lower.value");
      Check.present(dual, "lower.dual").require("lower.dual", dual.size());
      Check.nonNegative(scale, "lower.scale");
      Check.present(witness, "lower.witness");
    }

    /** The claim with this evidence. */
    public static LowerClaim of(double value, LowerEvidence evidence) {
      return new LowerClaim(
          value,
          evidence.dual(),
          evidence.scale(),
          new BothSigns(evidence.plus(), evidence.minus()));
    }

    /** The evidence alone. */
    @JsonIgnore
    public LowerEvidence evidence() {
      return new LowerEvidence(dual, scale, witness.plus(), witness.minus());
    }
  }

  /**
   * The witnesses.
   *
   * @param plus proves {@code T_+ >= tau_+(nu)}
   * @param minus proves {@code T_- >= tau_+(-nu)}
   */
  @JsonPropertyOrder({"plus", "minus"})
  public record BothSigns(Witness plus, Witness minus) {

    /** Checks that both are there. */
    public BothSigns {
      Check.present(plus, "lower.witness.plus");
      Check.present(minus, "lower.witness.minus");
    }
  }

  /**
   * The claim {@code p* <= value}.
   *
   * @param value what is claimed
   * @param network at which (P) is said to be at most that
   */
  @JsonPropertyOrder({"value", "network"})
  public record UpperClaim(double value, NetworkWeights network) {

    /** Checks that everything is there. */
    public UpperClaim {
      Check.finite(value, "upper.value");
      Check.present(network, "upper.network");
    }
  }

  /**
   * Where a certificate comes from; nothing of it is believed.
   *
   * @param experiment the experiment's id
   * @param dataset its name
   * @param software that wrote the file
   * @param seed of the relaxations
   * @param createdAt when the certificate came about
   */
  @JsonPropertyOrder({"experiment", "dataset", "software", "seed", "createdAt"})
  public record Provenance(
      @Nullable String experiment,
      @Nullable String dataset,
      @Nullable String software,
      @Nullable Long seed,
      @Nullable Instant createdAt) {}

  /** {@code upper / lower}; null when lower is not above 0 or the quotient is no number. */
  @JsonIgnore
  public @Nullable Double ratio() {
    double ratio = upper.value() / lower.value();
    return lower.value() > 0 && Double.isFinite(ratio) ? ratio : null;
  }
}
