package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.certificate.CertificateChecker;
import io.gapstream.certificate.Judgement;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.tau.LocalAscent;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks: a penalty on the data that it read itself. Whatever comes back is held against
 * that, since anybody who may write to a topic may have answered (ADR 19).
 */
final class Question {

  /** Beyond it the search for betaMax takes seconds, which the services spend anyway. */
  private static final long MOST_VALUES_SEARCHED = 200_000;

  /** Two searches may end in other local maxima, but then in near ones. */
  private static final double NEAR = 0.01;

  /** With as many columns as rows there are many of them, and they lie wider apart. */
  private static final double NEAR_IF_WIDE = 0.25;

  /** Operations of a check that takes some seconds. */
  private static final double CHEAP = 5e9;

  private final String file;
  private final Data data;
  private final String sha256;
  private final @Nullable Double beta;
  private final double fraction;
  private final @Nullable Double betaMax;

  private Question(
      String file, Data data, @Nullable Double beta, double fraction, @Nullable Double betaMax) {
    this.file = file;
    this.data = data;
    this.sha256 = DataHash.sha256(data.n(), data.d(), data.x(), data.y());
    this.beta = beta;
    this.fraction = fraction;
    this.betaMax = betaMax;
  }

  /**
   * Poses the question, and refuses one that no solver takes.
   *
   * @param file its name, for messages
   * @throws CommandException if the magnitudes of data and penalty cannot be worked with
   */
  static Question of(String file, Data data, PenaltyOptions penalty) {
    Double beta = penalty.beta();
    Double betaMax = (long) data.n() * data.d() <= MOST_VALUES_SEARCHED ? betaMax(data) : null;
    if (betaMax != null && (betaMax == 0 || betaMax == Double.POSITIVE_INFINITY)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          betaMax == 0
              ? file
                  + ": betaMax is 0, so zero is best for every weight. Choose a target that varies"
                  + " with the features."
              : file
                  + ": the values are too large, betaMax overflows. Rescale the data or leave out"
                  + " --no-standardize.");
    }
    Double weight = beta != null ? beta : betaMax == null ? null : penalty.fraction() * betaMax;
    if (weight != null) {
      requireSolvable(file, data, weight);
    }
    return new Question(file, data, beta, penalty.fraction(), betaMax);
  }

  /** As data-generator finds it. */
  private static double betaMax(Data data) {
    Data reduced = ReducedProblem.reduce(data);
    return LocalAscent.betaMax(reduced.n(), reduced.d(), reduced.x(), reduced.y());
  }

  private static void requireSolvable(String file, Data data, double weight) {
    try {
      var unused = new ScaledProblem(new Problem(data.n(), data.d(), data.x(), data.y(), weight));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, file + " cannot be certified: " + e.getMessage(), e);
    }
  }

  /** Of the prepared data. */
  String sha256() {
    return sha256;
  }

  /**
   * Refuses an answer to another question.
   *
   * @param answer of data-generator
   * @throws CommandException if it is about other data or another penalty
   */
  void requireAccepted(JsonNode answer) {
    requireData(answer, answer.path("sha256"));
    double answered = answer.path("beta").doubleValue();
    double answeredMax = answer.path("betaMax").doubleValue();
    if (beta != null) {
      require(answered == beta, "beta " + answered + " in place of " + beta);
      return;
    }
    require(
        answered == fraction * answeredMax,
        "beta " + answered + ", which is not " + fraction + " times its betaMax " + answeredMax);
    require(
        betaMax == null
            || Math.abs(answeredMax - betaMax)
                <= (data.d() < data.n() ? NEAR : NEAR_IF_WIDE) * betaMax,
        "betaMax " + answeredMax + ", and these data have " + betaMax);
  }

  /**
   * Refuses a certificate for something else.
   *
   * @param certificate of results-service
   * @param accepted what data-generator answered
   * @throws CommandException if it is about other data or another penalty
   */
  void requireCertificate(JsonNode certificate, JsonNode accepted) {
    requireData(certificate, certificate.path("dataSha256"));
    require(
        certificate.path("beta").doubleValue() == accepted.path("beta").doubleValue(),
        "beta " + certificate.path("beta") + " in place of " + accepted.path("beta"));
  }

  private void requireData(JsonNode answer, JsonNode hash) {
    require(
        answer.path("n").intValue() == data.n() && answer.path("d").intValue() == data.d(),
        "data of "
            + answer.path("n")
            + " x "
            + answer.path("d")
            + ", and the file makes "
            + data.n()
            + " x "
            + data.d());
    require(
        hash.isMissingNode() || hash.asText().equals(sha256),
        "data with the SHA-256 " + hash.asText() + ", and the file makes " + sha256);
  }

  private void require(boolean same, String other) {
    if (!same) {
      throw new CommandException(
          ExitCode.FAILED,
          "The answer is not about "
              + file
              + " as it was asked for: it is about "
              + other
              + ". No interval is printed. If the file did not change meanwhile, do not trust these"
              + " services; 'gap solve --program exact' needs none.");
    }
  }

  /**
   * Judges a certificate's evidence here, against the data of the file.
   *
   * @param content the certificate file
   * @param certificate what is to be printed
   * @return null when it is proved here, else why that was not tried
   * @throws CommandException if it does not hold, or is for something else
   */
  @Nullable String whyNotProved(byte[] content, JsonNode certificate) {
    Reading reading = CertificateFileJson.read(content);
    Judgement judgement = new CertificateChecker(data, CHEAP).judge(reading);
    if (judgement.conclusion() == Judgement.Conclusion.REFUTED) {
      throw new CommandException(
          ExitCode.FAILED,
          "The certificate does not hold for "
              + file
              + ": "
              + judgement.reason()
              + " No interval is printed. Do not trust these services; 'gap solve --program exact'"
              + " needs none.");
    }
    if (reading instanceof Reading.Whole whole) {
      CertificateFile.ProblemStatement problem = whole.certificate().problem();
      double expected = certificate.path("beta").doubleValue();
      require(problem.beta() == expected, "beta " + problem.beta() + " in place of " + expected);
    }
    return judgement.reason();
  }

  /** Whether a certificate file makes the very claims that are to be printed. */
  static boolean claims(byte[] content, JsonNode certificate) {
    return CertificateFileJson.read(content) instanceof Reading.Whole whole
        && whole.certificate().lower().value() == certificate.path("lower").doubleValue()
        && whole.certificate().upper().value() == certificate.path("upper").doubleValue();
  }
}
