/**
 * Reads tables of numbers from files and refuses bad input with the file, the line, the column, the
 * value, what it is and what mends it.
 *
 * <p>Enter at {@link io.gapstream.ingest.CsvTable} and {@link io.gapstream.ingest.NpyArray}. Used
 * by data-generator for uploads and by the command line before anything is started, so both say the
 * same about the same file. Must not depend on any module of the project: limits are parameters.
 */
@NullMarked
package io.gapstream.ingest;

import org.jspecify.annotations.NullMarked;
