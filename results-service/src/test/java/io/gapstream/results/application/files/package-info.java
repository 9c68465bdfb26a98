/** Tests of the files. */
@NullMarked
package io.gapstream.results.application.files;

import org.jspecify.annotations.NullMarked;
