/**
 * trainer-service: takes each dataset from {@code gap.datasets.v1}, does every training run of its
 * plan within the budget, and sends what each reached to {@code gap.trainings.v1}.
 *
 * <p>Enter at {@link io.gapstream.trainer.messaging.DatasetConsumer}. A dataset may come twice:
 * after a crash, a restart or a rebalance its job is simply done again. That is safe because a run
 * has the same event id every time and results-service keeps the best verified value of a run, so
 * nothing here remembers what is done. Must not depend on another service.
 */
@NullMarked
package io.gapstream.trainer;

import org.jspecify.annotations.NullMarked;
