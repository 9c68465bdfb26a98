/**
 * Tests of the service on a real broker, and what they share. Enter at {@link
 * io.gapstream.datagenerator.Broker}.
 */
@NullMarked
package io.gapstream.datagenerator;

import org.jspecify.annotations.NullMarked;
