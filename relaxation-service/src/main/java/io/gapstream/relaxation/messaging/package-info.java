/**
 * Kafka in and out: decodes a record, runs its job and sends what comes of it. Enter at {@link
 * io.gapstream.relaxation.messaging.DatasetConsumer}. Holds no mathematics and must not call the
 * solvers.
 */
@NullMarked
package io.gapstream.relaxation.messaging;

import org.jspecify.annotations.NullMarked;
