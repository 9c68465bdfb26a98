/**
 * The job itself: which run gets how much of the budget, and what is sent of it. Enter at {@link
 * io.gapstream.trainer.application.TrainingJob}. Plain classes; must not depend on Kafka, on the
 * container or on the messaging package.
 */
@NullMarked
package io.gapstream.trainer.application;

import org.jspecify.annotations.NullMarked;
