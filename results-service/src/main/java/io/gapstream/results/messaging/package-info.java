/**
 * Where records come in and certificates go out: decodes, delegates to {@code application},
 * acknowledges after the commit.
 *
 * <p>Enter at {@link io.gapstream.results.messaging.Consumers}. Holds no rules of its own.
 */
@NullMarked
package io.gapstream.results.messaging;

import org.jspecify.annotations.NullMarked;
