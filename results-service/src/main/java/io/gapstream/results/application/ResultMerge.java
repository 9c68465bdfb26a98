package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.ResultEntity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Takes one more claim into the row of its method or run. The row after any set of claims is the
 * same whatever the order in which they come and however often: it holds the best claim by a total
 * order, and of the newest message, by a total order too, how the work stands.
 */
final class ResultMerge {

  /** From what counts least to what counts most. */
  private static final List<Verdict> RANK =
      List.of(Verdict.PENDING, Verdict.REFUTED, Verdict.ESTIMATE, Verdict.VERIFIED);

  /** What was taken from the claim. */
  record Taken(boolean claim, boolean standing, boolean completion) {
    boolean anything() {
      return claim || standing || completion;
    }
  }

  private ResultMerge() {}

  static ResultEntity firstRow(Claim claim, Outcome outcome, Instant now) {
    ResultEntity row = new ResultEntity();
    row.id = claim.resultId();
    row.experimentId = claim.experimentId();
    row.source = claim.run().source();
    row.method = claim.run().method();
    row.width = claim.run().width();
    row.seed = claim.run().seed();
    row.kind = claim.kind();
    row.complete = claim.last();
    row.createdAt = now;
    row.updatedAt = now;
    takeClaim(row, claim, outcome);
    takeStanding(row, claim);
    return row;
  }

  static Taken merge(ResultEntity row, Claim claim, Outcome outcome, Instant now) {
    ResultEntity other = firstRow(claim, outcome, now);
    boolean better = Objects.compare(other, row, BY_CLAIM) > 0;
    boolean newer = Objects.compare(other, row, BY_AGE) > 0;
    Taken taken = new Taken(better, newer, claim.last() && !row.complete);
    if (taken.claim()) {
      takeClaim(row, claim, outcome);
    }
    if (taken.standing()) {
      takeStanding(row, claim);
    }
    if (taken.anything()) {
      row.complete |= claim.last();
      row.updatedAt = now;
    }
    return taken;
  }

  private static final Comparator<ResultEntity> BY_CLAIM =
      Comparator.<ResultEntity>comparingInt(row -> RANK.indexOf(row.verdict))
          .thenComparingDouble(ResultMerge::strength)
          .thenComparing(row -> row.rung, Comparator.nullsFirst(Comparator.reverseOrder()))
          .thenComparingInt(row -> row.claimRevision)
          .thenComparing(row -> row.claimSha256);

  private static final Comparator<ResultEntity> BY_AGE =
      Comparator.<ResultEntity>comparingInt(row -> row.revision)
          .thenComparing(row -> row.payloadSha256);

  /** Larger is better; equal for what cannot be compared by value. */
  private static double strength(ResultEntity row) {
    if (row.verdict != Verdict.VERIFIED || row.value == null) {
      return 0;
    }
    return row.kind == BoundKind.LOWER ? row.value : -row.value;
  }

  private static void takeClaim(ResultEntity row, Claim claim, Outcome outcome) {
    row.verdict = outcome.verdict();
    row.value = null;
    row.rung = null;
    row.refutation = null;
    if (outcome instanceof Outcome.Verified verified) {
      row.value = verified.value();
      row.rung = verified.rung();
    } else if (outcome instanceof Outcome.Estimate estimate) {
      row.value = estimate.value();
    } else if (outcome instanceof Outcome.Refuted refuted) {
      row.refutation = refuted.reason();
    }
    row.claimRevision = claim.revision();
    row.claimSha256 = claim.payload().sha256();
  }

  private static void takeStanding(ResultEntity row, Claim claim) {
    row.status = claim.status();
    row.reason = claim.reason();
    row.measures =
        new String(
            MessageJson.write(new TreeMap<>(claim.measures())),
            java.nio.charset.StandardCharsets.UTF_8);
    row.iterations = claim.iterations();
    row.elapsedSeconds = claim.elapsedSeconds();
    row.revision = claim.revision();
    row.payloadSha256 = claim.payload().sha256();
  }
}
