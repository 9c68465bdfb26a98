package io.gapstream.results.application;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.store.DatabaseOutage;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.FailureCauses;
import io.gapstream.servicekit.FailureReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Takes what the other services send. Returns once everything that follows from a message is
 * committed; taking the same message again changes nothing.
 *
 * <p>Claims are verified outside any transaction: the dataset they are verified against never
 * changes, and a verification may take longer than a lock should be held.
 */
@ApplicationScoped
public class Intake {

  private final Ledger ledger;
  private final Problems problems;
  private final Findings findings;
  private final CheckLimits limits;

  Intake(Ledger ledger, Problems problems, Findings findings, ResultsConfig config) {
    this.ledger = ledger;
    this.problems = problems;
    this.findings = findings;
    this.limits =
        new CheckLimits(
            config.maxCheckOperations(),
            config.checkHeapShare() * Runtime.getRuntime().maxMemory());
  }

  /** The same for a dataset whose labels are older than all others. */
  public void dataset(DatasetMessage message) {
    dataset(message, Instant.EPOCH);
  }

  /**
   * Stores a dataset and settles the claims that waited for it, each on its own: one that cannot be
   * settled holds neither the others nor the dataset.
   *
   * @param givenAt when the message came about; of the labels that an experiment was given, the
   *     newest is shown
   * @throws InvalidMessageException if the hash is not that of the data, or another dataset is
   *     known under this id
   */
  public void dataset(DatasetMessage message, Instant givenAt) {
    DatasetProblem.requireIdentity(message);
    ledger.register(message, givenAt);
    String id = message.experimentId();
    for (Optional<Payload> held = ledger.firstHeld(id);
        held.isPresent();
        held = ledger.firstHeld(id)) {
      held(id, held.get());
    }
  }

  private void held(String experimentId, Payload payload) {
    try {
      Claim claim = Claim.of(payload);
      if (!claim.experimentId().equals(experimentId)) {
        throw new UnusableClaimException(
            "It is about experiment " + claim.experimentId() + "; it was held for another.", null);
      }
      claim(claim);
    } catch (RuntimeException e) {
      if (!isOfTheClaim(e)) {
        throw e;
      }
      String reason =
          FailureReason.of(
              FailureCauses.of(e).stream()
                  .filter(SQLException.class::isInstance)
                  .findFirst()
                  .orElse(e));
      ledger.setAside(experimentId, payload, reason);
      findings.unusable(experimentId, payload, reason);
    }
  }

  /** Whether the claim itself is the cause, so that it fails again; everything else passes. */
  private static boolean isOfTheClaim(RuntimeException failure) {
    return DatabaseOutage.refusedValues(failure)
        || FailureCauses.of(failure).stream()
            .anyMatch(
                cause ->
                    cause instanceof InvalidMessageException
                        || cause instanceof UnusableClaimException);
  }

  /**
   * Takes a result of relaxation-service.
   *
   * @param bytes the message as it came. Not modified.
   */
  public void relaxation(RelaxationMessage message, byte[] bytes) {
    claim(Claim.of(message, Payload.of(Topic.RELAXATIONS, bytes)));
  }

  /**
   * Takes the outcome of a training run.
   *
   * @param bytes the message as it came. Not modified.
   */
  public void training(TrainingMessage message, byte[] bytes) {
    claim(Claim.of(message, Payload.of(Topic.TRAININGS, bytes)));
  }

  private void claim(Claim claim) {
    Settlement settlement;
    do {
      Optional<Problems.Stored> stored = problems.find(claim.experimentId());
      Outcome outcome = stored.map(known -> judge(known, claim)).orElse(null);
      settlement = ledger.settle(claim, outcome);
      findings.record(claim, outcome, settlement);
    } while (settlement instanceof Settlement.JudgeAgain);
    if (settlement instanceof Settlement.Held) {
      problems.forget(claim.experimentId());
    }
  }

  /** Looks first whether the evidence can change anything, and only then at the evidence. */
  private Outcome judge(Problems.Stored stored, Claim claim) {
    boolean hasEvidence = claim.lower() != null || claim.network() != null;
    if (hasEvidence && claim.datasetSha256().equals(stored.sha256())) {
      return ledger.known(claim).orElseGet(() -> verify(stored, claim));
    }
    return ClaimVerifier.judge(stored.problem(), stored.sha256(), claim, limits);
  }

  private Outcome verify(Problems.Stored stored, Claim claim) {
    try {
      return findings.timed(
          () -> ClaimVerifier.judge(stored.problem(), stored.sha256(), claim, limits));
    } catch (RuntimeException e) {
      throw new UnusableClaimException("It cannot be verified: " + FailureReason.of(e), e);
    }
  }
}
