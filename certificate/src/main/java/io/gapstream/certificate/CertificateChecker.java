package io.gapstream.certificate;

import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.DataSection;
import io.gapstream.contracts.CertificateFile.ProblemStatement;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Judges certificate files by their evidence alone, as docs/certificate-format.md says: with the
 * same {@link Claims} as results-service judges before it stores anything. A file may come from an
 * enemy: whatever it holds, the answer is a {@link Judgement}.
 */
public final class CertificateChecker {

  /** Multiplications, each with its addition, that a check may take unless told otherwise. */
  public static final double DEFAULT_MAX_WORK = Work.DEFAULT_MAX_OPERATIONS;

  private final @Nullable Data given;
  private final double maxWork;

  /**
   * @param given data from elsewhere; null where files have to bring their own
   * @param maxWork multiplications, each with its addition, that one file may take, above 0
   */
  public CertificateChecker(@Nullable Data given, double maxWork) {
    this.given = given;
    this.maxWork = maxWork;
  }

  /** Judges what was read. */
  public Judgement judge(Reading reading) {
    if (reading instanceof Reading.Malformed malformed) {
      return Judgement.refuted(malformed.reason());
    }
    if (reading instanceof Reading.Unknown unknown) {
      return Judgement.inconclusive(unknown.reason());
    }
    try {
      return judge(((Reading.Whole) reading).certificate());
    } catch (OutOfMemoryError e) {
      return outOfMemory();
    } catch (CompletionException e) { // the verifier looks at two witnesses side by side
      if (e.getCause() instanceof OutOfMemoryError) {
        return outOfMemory();
      }
      throw e;
    }
  }

  private Judgement judge(CertificateFile file) {
    String wrong = otherData(file);
    if (wrong != null) {
      return Judgement.refuted(wrong);
    }
    Problem problem = problem(file);
    if (problem == null) {
      return Judgement.inconclusive(
          "The file has only the hash of its data; give them with --data and --target.");
    }
    Work work = Work.of(file);
    String tooMuch = work.excess(maxWork, "allow more with --max-work");
    if (tooMuch == null) {
      tooMuch = work.excessBytes(Runtime.getRuntime().maxMemory(), "give Java more memory");
    }
    if (tooMuch != null) {
      return Judgement.inconclusive(tooMuch);
    }
    String lower = Claims.whyNotAtLeast(problem, file.lower().value(), file.lower().evidence());
    String upper = Claims.whyNotAtMost(problem, file.upper().value(), file.upper().network());
    return lower == null && upper == null
        ? new Judgement(Conclusion.VERIFIED, true, true, null)
        : new Judgement(
            Conclusion.REFUTED, lower == null, upper == null, lower == null ? upper : lower);
  }

  /** What can be said where the memory does not suffice for a check. */
  public static Judgement outOfMemory() {
    return Judgement.inconclusive("The memory does not suffice for the check; give Java more.");
  }

  /** Why the data are not those of the hash; null where none are there or all are. */
  private @Nullable String otherData(CertificateFile file) {
    DataSection data = file.data();
    ProblemStatement problem = file.problem();
    if (data.x() != null && data.y() != null) {
      String actual =
          DataHash.sha256(problem.n(), problem.d(), data.x().values(), data.y().values());
      if (!actual.equals(data.sha256())) {
        return "The data in the file have the SHA-256 "
            + actual
            + "; the certificate is about "
            + data.sha256()
            + ".";
      }
    }
    if (given != null) {
      String actual = DataHash.sha256(given.n(), given.d(), given.x(), given.y());
      if (!actual.equals(data.sha256())) {
        return String.format(
            Locale.ROOT,
            "The data that were given are %d x %d with the SHA-256 %s; the certificate is about"
                + " %d x %d with %s.",
            given.n(),
            given.d(),
            actual,
            problem.n(),
            problem.d(),
            data.sha256());
      }
    }
    return null;
  }

  private @Nullable Problem problem(CertificateFile file) {
    int n = file.problem().n();
    int d = file.problem().d();
    double beta = file.problem().beta();
    DataSection data = file.data();
    if (data.x() != null && data.y() != null) {
      return new Problem(n, d, data.x().values(), data.y().values(), beta);
    }
    // Its hash, which holds n and d, has been compared.
    return given == null ? null : new Problem(n, d, given.x(), given.y(), beta);
  }
}
