/**
 * The service that turns experiment requests and uploads into datasets.
 *
 * <p>Enter at {@link io.gapstream.datagenerator.rest.ExperimentsResource} for what comes in, at
 * {@link io.gapstream.datagenerator.application.Experiments} for what is done with it, and at
 * {@link io.gapstream.datagenerator.DataGeneratorConfig} for what can be set. Must not depend on
 * any other service.
 */
@NullMarked
package io.gapstream.datagenerator;

import org.jspecify.annotations.NullMarked;
