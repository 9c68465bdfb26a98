/**
 * Networks, dual vectors and data as files that other programs read: ONNX, and NumPy's NPY and NPZ.
 * The same content gives the same bytes.
 *
 * <p>Enter at {@link io.gapstream.results.application.files.OnnxFile}, {@link
 * io.gapstream.results.application.files.NpyFile} or {@link
 * io.gapstream.results.application.files.NpzFile}. Must not depend on any other package of the
 * service.
 */
@NullMarked
package io.gapstream.results.application.files;

import org.jspecify.annotations.NullMarked;
