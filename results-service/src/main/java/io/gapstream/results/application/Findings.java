package io.gapstream.results.application;

import io.gapstream.contracts.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Says in metrics and in the log what came of claims, and raises the alarms. */
@ApplicationScoped
public class Findings {

  private static final Logger LOG = Logger.getLogger(Findings.class);

  private final Map<Verdict, Counter> claims = new EnumMap<>(Verdict.class);
  private final Counter surpassed;
  private final Counter refuted;
  private final Counter unusable;
  private final Counter contradictions;
  private final Timer verification;

  Findings(MeterRegistry registry) {
    for (Verdict verdict : Verdict.values()) {
      claims.put(
          verdict,
          Counter.builder("gapstream.claims")
              .description("Claims taken in, by verdict; a claim sent again counts again")
              .tag("verdict", verdict.jsonName())
              .register(registry));
    }
    surpassed =
        Counter.builder("gapstream.claims.surpassed")
            .description("Claims no better than a verified one; taken in without verification")
            .register(registry);
    unusable =
        Counter.builder("gapstream.claims.unusable")
            .description("Claims that waited for their dataset and could not be settled then")
            .register(registry);
    refuted =
        Counter.builder("gapstream.claims.refuted")
            .description("Different claims that their evidence does not support; any is an alarm")
            .register(registry);
    contradictions =
        Counter.builder("gapstream.contradictions")
            .description("Pairs of verified bounds that contradict each other; the worst alarm")
            .register(registry);
    verification =
        Timer.builder("gapstream.verification")
            .description("Time to verify one claim")
            .register(registry);
  }

  <T> T timed(Supplier<T> work) {
    return verification.record(work);
  }

  /** Something became of a claim. */
  void record(Claim claim, @Nullable Outcome outcome, Settlement settlement) {
    if (settlement instanceof Settlement.Held) {
      count(Verdict.PENDING);
    } else if (settlement instanceof Settlement.Settled settled && outcome != null) {
      if (outcome instanceof Outcome.Surpassed) {
        surpassed.increment();
      } else {
        count(outcome.verdict());
      }
      settled(claim, outcome, settled);
    }
  }

  /** A claim that waited for its dataset could not be settled. */
  void unusable(String experimentId, Payload payload, String reason) {
    unusable.increment();
    LOG.errorf(
        "Claim cannot be settled: experimentId=%s, topic=%s, payloadSha256=%s, reason=%s",
        experimentId, payload.topic(), payload.sha256(), reason);
  }

  private void settled(Claim claim, Outcome outcome, Settlement.Settled settlement) {
    if (settlement.newlyRefuted() && outcome instanceof Outcome.Refuted why) {
      refuted.increment();
      LOG.errorf(
          "Claim refuted: experimentId=%s, result=%s, reason=%s",
          claim.experimentId(), claim.resultId(), why.reason());
    }
    if (settlement.newContradiction()) {
      contradictions.increment();
      LOG.errorf(
          "Verified bounds contradict each other, certificate withdrawn: experimentId=%s,"
              + " result=%s",
          claim.experimentId(), claim.resultId());
    }
    if (settlement.newVersion() > 0) {
      LOG.infof(
          "Certificate tightened: experimentId=%s, version=%d, result=%s",
          claim.experimentId(), settlement.newVersion(), claim.resultId());
    }
  }

  private void count(Verdict verdict) {
    Counter counter = claims.get(verdict);
    if (counter != null) {
      counter.increment();
    }
  }
}
