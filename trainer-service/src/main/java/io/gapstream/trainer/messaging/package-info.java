/**
 * Kafka in and out: decodes a record, runs its job and sends what comes of it. Enter at {@link
 * io.gapstream.trainer.messaging.DatasetConsumer}. Holds no mathematics and must not call the
 * numerics.
 */
@NullMarked
package io.gapstream.trainer.messaging;

import org.jspecify.annotations.NullMarked;
