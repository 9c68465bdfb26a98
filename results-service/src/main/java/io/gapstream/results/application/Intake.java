package io.gapstream.results.application;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.servicekit.DatasetProblem;
import jakarta.enterprise.context.ApplicationScoped;
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

  Intake(Ledger ledger, Problems problems, Findings findings) {
    this.ledger = ledger;
    this.problems = problems;
    this.findings = findings;
  }

  /**
   * Stores a dataset and settles the claims that waited for it.
   *
   * @throws InvalidMessageException if the hash is not that of the data, or another dataset is
   *     known under this id
   */
  public void dataset(DatasetMessage message) {
    DatasetProblem.requireIdentity(message);
    ledger.register(message);
    String id = message.experimentId();
    for (Optional<Claim> held = ledger.firstHeld(id);
        held.isPresent();
        held = ledger.firstHeld(id)) {
      claim(held.get());
    }
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
    } while (settlement instanceof Settlement.DatasetCame);
    if (settlement instanceof Settlement.Held) {
      problems.forget(claim.experimentId());
    }
  }

  private Outcome judge(Problems.Stored stored, Claim claim) {
    return findings.timed(() -> ClaimVerifier.judge(stored.problem(), stored.sha256(), claim));
  }
}
