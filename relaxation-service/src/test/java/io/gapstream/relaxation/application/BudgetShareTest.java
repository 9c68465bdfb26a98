package io.gapstream.relaxation.application;

import static io.gapstream.contracts.RelaxationMethod.COLUMN_GENERATION;
import static io.gapstream.contracts.RelaxationMethod.CONE_DECOMPOSITION;
import static io.gapstream.contracts.RelaxationMethod.GATED;
import static io.gapstream.contracts.RelaxationMethod.LIFTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.contracts.RelaxationMethod;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected shares are those of the documented rule, worked out by hand. */
final class BudgetShareTest {

  @Test
  void givesTheLiftedRelaxationFortyPercentOfAFullPlan() {
    assertThat(BudgetShare.ofFirst(BudgetShare.ORDER, 20)).isEqualTo(0.4);
  }

  @Test
  void givesTheLastMethodEverythingThatIsLeft() {
    for (RelaxationMethod method : RelaxationMethod.values()) {
      assertThat(BudgetShare.ofFirst(List.of(method), 3)).isEqualTo(1);
    }
  }

  @Test
  void dividesWhatIsLeftAmongThoseThatAreLeft() {
    assertThat(BudgetShare.ofFirst(List.of(COLUMN_GENERATION, GATED, CONE_DECOMPOSITION), 20))
        .isEqualTo(0.5);
  }

  @Test
  void givesColumnGenerationMostOfTheTimeWhereItCanCloseTheGap() {
    assertThat(BudgetShare.ofFirst(BudgetShare.ORDER, 8)).isEqualTo(0.1);
    assertThat(BudgetShare.ofFirst(List.of(COLUMN_GENERATION, GATED, CONE_DECOMPOSITION), 8))
        .isCloseTo(15.0 / 18, within(1e-15));
  }

  @Test
  void runsEveryMethodAndTheGatedSolveBeforeItsSplit() {
    assertThat(BudgetShare.ORDER).containsAll(EnumSet.allOf(RelaxationMethod.class));
    assertThat(BudgetShare.ORDER.indexOf(GATED))
        .isLessThan(BudgetShare.ORDER.indexOf(CONE_DECOMPOSITION));
    assertThat(BudgetShare.ORDER.get(0)).isEqualTo(LIFTED);
  }
}
