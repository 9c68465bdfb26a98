package io.gapstream.results.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import io.gapstream.results.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Claims come from {@link Sample}, whose values follow from formulas of its own, so that a claim
 * which is true by mathematics, and no other, is to be verified.
 */
class ClaimVerifierTest {

  private static final CheckLimits LIMITS = new CheckLimits(1e12, 1e9);

  private final Sample sample = Sample.named("verifier");

  @Test
  void verifiesWhatTheEvidenceProves() {
    // Given
    RelaxationMessage lower = sample.lower(1, 1);
    TrainingMessage upper = sample.trainedWell(1);
    // When
    Outcome ofLower = judge(lower);
    Outcome ofUpper = judge(upper);
    // Then
    assertThat(ofLower).isEqualTo(new Outcome.Verified(value(lower.value()), Rung.TRIANGLE));
    assertThat(ofUpper).isEqualTo(new Outcome.Verified(value(upper.value()), null));
  }

  @Test
  void refutesALowerBoundOneUlpAboveWhatIsProved() {
    // Given
    LowerEvidence evidence = sample.triangle(1);
    Finding finding =
        Verifier.lower(
            sample.problem(),
            evidence.dual().values(),
            evidence.scale(),
            new io.gapstream.numerics.bound.Witness.Triangle(),
            new io.gapstream.numerics.bound.Witness.Triangle());
    double proved = ((Finding.Proved) finding).value();
    // When
    Outcome same = judge(sample.lower(1, proved, evidence));
    Outcome above = judge(sample.lower(1, Math.nextUp(proved), evidence));
    // Then
    assertThat(same).isInstanceOf(Outcome.Verified.class);
    assertThat(above).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesAnUpperBoundOneUlpBelowWhatIsProved() {
    // Given
    NetworkWeights weights = sample.plantedNetwork();
    Network network =
        new Network(weights.m(), weights.d(), weights.u().values(), weights.a().values());
    double proved = ((Finding.Proved) Verifier.upper(sample.problem(), network)).value();
    // When
    Outcome same = judge(sample.upper(proved, weights));
    Outcome below = judge(sample.upper(Math.nextDown(proved), weights));
    // Then
    assertThat(same).isInstanceOf(Outcome.Verified.class);
    assertThat(below).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesABoundWithAnotherDualVector() {
    // Given
    RelaxationMessage honest = sample.lower(1, 1);
    double[] turned = Arrays.stream(sample.problem().y()).map(v -> -v).toArray();
    LowerEvidence evidence =
        new LowerEvidence(
            NumericArray.vector(turned),
            sample.triangle(1).scale(),
            new Witness.Triangle(),
            new Witness.Triangle());
    // When
    Outcome outcome = judge(sample.lower(1, value(honest.value()), evidence));
    // Then
    assertThat(outcome).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesAScaleThatTheWitnessDoesNotAllow() {
    // Given
    LowerEvidence honest = sample.triangle(1);
    LowerEvidence greedy =
        new LowerEvidence(honest.dual(), 2 * honest.scale(), honest.plus(), honest.minus());
    // When
    Outcome outcome = judge(sample.lower(1, 1e-6, greedy));
    // Then
    assertThat(outcome).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesEvidenceOfAnotherShape() {
    // Given
    LowerEvidence shortDual =
        new LowerEvidence(
            NumericArray.vector(1, 2), 1e-3, new Witness.Triangle(), new Witness.Triangle());
    NetworkWeights wide =
        new NetworkWeights(NumericArray.matrix(1, 7, new double[7]), NumericArray.vector(1));
    // When
    Outcome ofDual = judge(sample.lower(1, 1e-6, shortDual));
    Outcome ofWide = judge(sample.upper(1e6, wide));
    // Then
    assertThat(ofDual).isInstanceOf(Outcome.Refuted.class);
    assertThat(ofWide).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesTheNetworkOfAnotherInstance() {
    // Given
    TrainingMessage honest = sample.trainedWell(1);
    NetworkWeights other = Sample.named("another instance").plantedNetwork();
    // When
    Outcome outcome = judge(sample.trained(1, honest.value(), other));
    // Then
    assertThat(outcome).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void refutesWhatWasComputedFromOtherData() {
    // Given
    RelaxationMessage lower = sample.lower(1, 1);
    String other = Sample.named("other data").dataset().sha256();
    // When
    Outcome outcome = ClaimVerifier.judge(sample.problem(), other, claim(lower), LIMITS);
    // Then
    assertThat(outcome).isInstanceOf(Outcome.Refuted.class);
  }

  @Test
  void looksAtTheDataFirstWhateverCameOfTheWork() {
    // Given
    String other = Sample.named("other data").dataset().sha256();
    RelaxationMessage failed = sample.failed(1, other);
    // When
    Outcome ofFailure = judge(failed);
    Outcome ofEstimate =
        ClaimVerifier.judge(sample.problem(), other, claim(sample.estimate(0.5)), LIMITS);
    Outcome ofOwn = judge(sample.failed(1, sample.dataset().sha256()));
    // Then
    assertThat(ofFailure).isInstanceOf(Outcome.Refuted.class);
    assertThat(ofEstimate).isInstanceOf(Outcome.Refuted.class);
    assertThat(ofOwn).isEqualTo(new Outcome.NoValue());
  }

  @Test
  void neverCallsAnEstimateABound() {
    // When
    Outcome outcome = judge(sample.estimate(0.5));
    // Then
    assertThat(outcome).isEqualTo(new Outcome.Estimate(0.5));
  }

  @Test
  void hasNothingToSayAboutWorkWithoutAValue() {
    // When
    Outcome outcome = judge(sample.trained(1, null, null));
    // Then
    assertThat(outcome).isEqualTo(new Outcome.NoValue());
  }

  @Test
  void doesNotJudgeWhatMayTakeMoreThanIsAllowed() {
    // Given
    RelaxationMessage lower = sample.lower(1, 1);
    TrainingMessage upper = sample.trainedWell(1);
    CheckLimits fewOperations = new CheckLimits(10, 1e9);
    CheckLimits littleMemory = new CheckLimits(1e12, 10);
    // When
    List<Outcome> outcomes = new ArrayList<>();
    for (CheckLimits limits : List.of(fewOperations, littleMemory)) {
      outcomes.add(judge(claim(lower), limits));
      outcomes.add(
          judge(Claim.of(upper, Payload.of(Topic.TRAININGS, MessageJson.write(upper))), limits));
    }
    // Then
    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(((Outcome.Refuted) outcome).reason())
                    .startsWith("Not judged: The check may ")
                    .containsPattern("are allowed; .* raise GAPSTREAM_"));
  }

  private Outcome judge(Claim claim, CheckLimits limits) {
    return ClaimVerifier.judge(sample.problem(), sample.dataset().sha256(), claim, limits);
  }

  private Outcome judge(RelaxationMessage message) {
    return ClaimVerifier.judge(sample.problem(), sample.dataset().sha256(), claim(message), LIMITS);
  }

  private Outcome judge(TrainingMessage message) {
    Claim claim = Claim.of(message, Payload.of(Topic.TRAININGS, MessageJson.write(message)));
    return ClaimVerifier.judge(sample.problem(), sample.dataset().sha256(), claim, LIMITS);
  }

  private static Claim claim(RelaxationMessage message) {
    return Claim.of(message, Payload.of(Topic.RELAXATIONS, MessageJson.write(message)));
  }

  private static double value(@org.jspecify.annotations.Nullable Double value) {
    return java.util.Objects.requireNonNull(value);
  }
}
