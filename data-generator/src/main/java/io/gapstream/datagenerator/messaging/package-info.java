/**
 * Sends datasets to the broker and waits for its acknowledgement; watches what waits for the
 * workers.
 *
 * <p>Enter at {@link io.gapstream.datagenerator.messaging.DatasetPublisher} and {@link
 * io.gapstream.datagenerator.messaging.QueueWatch}. Must not depend on REST.
 */
@NullMarked
package io.gapstream.datagenerator.messaging;

import org.jspecify.annotations.NullMarked;
