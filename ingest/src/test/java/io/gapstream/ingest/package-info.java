/** Tests of the reading of tables. Enter at {@link io.gapstream.ingest.CsvTableTest}. */
@NullMarked
package io.gapstream.ingest;

import org.jspecify.annotations.NullMarked;
