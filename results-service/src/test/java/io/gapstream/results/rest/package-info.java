/** Tests of what readers are given. */
@NullMarked
package io.gapstream.results.rest;

import org.jspecify.annotations.NullMarked;
