package io.gapstream.numerics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.cone.ConeDecomposition;
import io.gapstream.numerics.cone.ConeSplit;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.lifted.LiftedResult;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.quartic.QuarticSolver;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingSettings;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clocks are the tests' own, and what a bound proves is for the verifier to say. */
class DeadlineTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private long now;

  @Test
  void isReachedAtItsMomentAndEndsWithItsGrace() {
    // Given
    Deadline deadline = Deadline.after(Duration.ofSeconds(10), () -> now);

    // When / Then
    now = 10 * SECOND - 1;
    assertThat(deadline.reached()).isFalse();
    now = 10 * SECOND;
    assertThat(deadline.reached()).isTrue();
    now = 11 * SECOND;
    assertThatCode(deadline::check).doesNotThrowAnyException();
    assertThat(deadline.remainingWithGrace()).isZero();
    now = 11 * SECOND + 1;
    assertThatThrownBy(deadline::check).isInstanceOf(TimeUpException.class);
  }

  @Test
  void givesAGraceOfATwentiethToALongBudget() {
    // Given
    Deadline deadline = Deadline.after(Duration.ofSeconds(1000), () -> now);

    // When
    now = 1000 * SECOND;

    // Then
    assertThat(deadline.remainingWithGrace()).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void endsTheGraceOfEveryShareWithItsOwn() {
    // Given
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), () -> now);

    // When / Then
    assertThat(deadline.share(0.5).remainingWithGrace()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(deadline.share(1).remainingWithGrace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(deadline.earlier(0.25).remaining()).isEqualTo(Duration.ofMillis(1_750));
    assertThat(deadline.earlier(5).remaining()).isZero();
    now = 2_800_000_000L;
    assertThat(deadline.share(0.5).remaining()).isZero();
    assertThat(deadline.share(0.5).remainingWithGrace()).isEqualTo(Duration.ofMillis(200));
    now = 4 * SECOND;
    assertThatThrownBy(deadline.share(0.5)::check).isInstanceOf(TimeUpException.class);
  }

  @Test
  void isNeverReachedWhereThereIsNone() {
    // Given
    Deadline none = Deadline.none();

    // When / Then
    assertThat(none.reached()).isFalse();
    assertThat(none.share(0.5).reached()).isFalse();
    assertThat(none.earlier(1e6).reached()).isFalse();
    assertThatCode(none.share(1)::check).doesNotThrowAnyException();
  }

  @Test
  void leavesEverySolverWithATrivialBoundWhenNoTimeIsThereAtAll() {
    // Given
    Deadline over = over();
    Data data = GaussianData.teacher(3_000, 8, 2, 0.3, 1);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 3);
    double zero = value(problem, Network.zero(problem.d()));

    // When
    LiftedResult lifted = LiftedSolver.solve(problem, 1, over, bound -> {});
    LowerBound quartic = QuarticSolver.solve(problem, over, bound -> {}).bound();
    ExactSolution exact =
        ExactSolver.solve(
            problem, 1e-4, 1, new Effort(over, 2, 1_000), bound -> {}, bound -> {}, step -> {});

    // Then
    assertThat(lifted.converged()).isFalse();
    assertThat(lifted.timeUp()).isTrue();
    assertProved(problem, lifted.bound());
    assertProved(problem, LiftedSolver.triangle(problem));
    assertThat(LiftedSolver.triangle(problem).value()).isEqualTo(lifted.bound().value());
    assertProved(problem, quartic);
    assertThat(exact.converged()).isFalse();
    assertThat(exact.upper().value()).isEqualTo(zero);
    assertThat(ColumnGeneration.solve(problem, 1, over, bound -> {}).bound().value())
        .isEqualTo(zero);
  }

  @Test
  void splitsIntoTheZeroNetworkWhenNoTimeIsThereAtAll() {
    // Given
    Data data = GaussianData.teacher(300, 50, 2, 0.3, 1);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 3);
    Gates gates = Gates.sample(data.n(), data.d(), data.x(), 300, 1);
    Deadline none = Deadline.none();

    // When
    ConeSplit split =
        ConeDecomposition.split(
            problem, gates, GatedSolver.solve(problem, gates, 0.1, none), over());

    // Then
    assertThat(split.converged()).isFalse();
    assertThat(split.bound().network().m()).isZero();
    assertThat(split.bound().value()).isEqualTo(value(problem, Network.zero(problem.d())));
  }

  @Test
  void givesUpWhatHasNothingToShowWithoutTime() {
    // Given
    Deadline over = over();
    Data data = GaussianData.teacher(2_000, 100, 2, 0.3, 1);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 3);
    Gates gates = Gates.sample(data.n(), data.d(), data.x(), 1_000, 1);

    // When / Then
    assertThatThrownBy(() -> Gates.sample(data.n(), data.d(), data.x(), 1_000, 1, over))
        .isInstanceOf(TimeUpException.class);
    assertThatThrownBy(() -> GatedSolver.solve(problem, gates, 1e-4, over))
        .isInstanceOf(TimeUpException.class);
  }

  @ParameterizedTest
  @EnumSource
  void refusesToTrainWhereOneEvaluationTakesTooLong(TrainingSettings.Method method) {
    // Given a clock that moves on by ten milliseconds with every look
    Data data = GaussianData.teacher(2_000, 50, 2, 0.3, 1);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 3);
    Deadline deadline = Deadline.after(Duration.ofMillis(50), () -> now += 10_000_000);

    // When / Then
    assertThatThrownBy(
            () -> Training.run(problem, new TrainingSettings(method, 3_000, 1, 100), deadline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("A network of width 3000 takes about")
        .hasMessageEndingWith("lower the width or raise the budget.");
  }

  @Test
  void endsASolveWhoseNewtonSystemWouldTakeTooMuchMemory() {
    // Given
    Data data = GaussianData.teacher(60, 5, 2, 0.3, 1);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 3);
    Gates gates = Gates.sample(data.n(), data.d(), data.x(), 50, 1);

    // When / Then
    Deadline none = Deadline.none();
    assertThat(GatedSolver.solve(problem, gates, 1e-4, 1_000, none).converged()).isFalse();
    assertThat(GatedSolver.solve(problem, gates, 1e-4, 1e9, none).converged()).isTrue();
  }

  /** A deadline whose grace was over an hour ago. */
  private Deadline over() {
    now = 0;
    Deadline deadline = Deadline.after(Duration.ofMillis(1), () -> now);
    now = 3_600 * SECOND;
    return deadline;
  }

  private static double value(Problem problem, Network network) {
    return ((Finding.Proved) Verifier.upper(problem, network)).value();
  }

  private static void assertProved(Problem problem, LowerBound bound) {
    Finding finding =
        Verifier.lower(problem, bound.dual(), bound.scale(), bound.plus(), bound.minus());
    assertThat(finding).isEqualTo(new Finding.Proved(bound.value()));
  }
}
