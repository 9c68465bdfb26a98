/**
 * Tests of the way from an order to a dataset. Enter at {@link
 * io.gapstream.datagenerator.application.ExperimentsTest}.
 */
@NullMarked
package io.gapstream.datagenerator.application;

import org.jspecify.annotations.NullMarked;
