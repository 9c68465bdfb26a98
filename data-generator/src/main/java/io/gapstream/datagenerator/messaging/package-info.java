/**
 * Sends datasets to the broker and waits for its acknowledgement.
 *
 * <p>Enter at {@link io.gapstream.datagenerator.messaging.DatasetPublisher}. Must not depend on
 * REST.
 */
@NullMarked
package io.gapstream.datagenerator.messaging;

import org.jspecify.annotations.NullMarked;
