/** Tests of what the service does, without the broker where it plays no part. */
@NullMarked
package io.gapstream.results.application;

import org.jspecify.annotations.NullMarked;
