/** Tests of the whole service on a real broker and a real PostgreSQL. */
@NullMarked
package io.gapstream.results;

import org.jspecify.annotations.NullMarked;
