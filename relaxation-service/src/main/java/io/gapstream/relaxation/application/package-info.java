/**
 * The job itself: which method runs when, on how much of the budget, and what is sent of it. Enter
 * at {@link io.gapstream.relaxation.application.RelaxationJob}. Plain classes; must not depend on
 * Kafka, on the container or on the messaging package.
 */
@NullMarked
package io.gapstream.relaxation.application;

import org.jspecify.annotations.NullMarked;
