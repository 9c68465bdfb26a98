/**
 * The REST interface: reads requests and uploads, refuses what is wrong with them, and answers once
 * the dataset is on the broker.
 *
 * <p>Enter at {@link io.gapstream.datagenerator.rest.ExperimentsResource} and {@link
 * io.gapstream.datagenerator.rest.DatasetsResource}. Translates and delegates; no mathematics here.
 */
@NullMarked
package io.gapstream.datagenerator.rest;

import org.jspecify.annotations.NullMarked;
