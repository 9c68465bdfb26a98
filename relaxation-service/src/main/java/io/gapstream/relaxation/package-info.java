/**
 * relaxation-service: takes each dataset from {@code gap.datasets.v1}, runs the relaxation methods
 * of its plan within their budget, and sends every bound and estimate to {@code
 * gap.relaxations.v1}.
 *
 * <p>Enter at {@link io.gapstream.relaxation.messaging.DatasetConsumer}. A dataset may come twice:
 * after a crash, a restart or a rebalance its job is simply done again. That is safe because the
 * events of a result have the same ids every time and results-service only ever lets bounds
 * improve, so nothing here remembers what is done. Must not depend on another service.
 */
@NullMarked
package io.gapstream.relaxation;

import org.jspecify.annotations.NullMarked;
