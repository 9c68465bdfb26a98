/**
 * Tests of the REST interface, with a real broker behind it. Enter at {@link
 * io.gapstream.datagenerator.rest.ExperimentsResourceTest}.
 */
@NullMarked
package io.gapstream.datagenerator.rest;

import org.jspecify.annotations.NullMarked;
