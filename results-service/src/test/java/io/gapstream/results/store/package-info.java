/** Tests of queries, and of what counts as an outage of the database. */
@NullMarked
package io.gapstream.results.store;

import org.jspecify.annotations.NullMarked;
