@NullMarked
package io.gapstream.certificate;

import org.jspecify.annotations.NullMarked;
