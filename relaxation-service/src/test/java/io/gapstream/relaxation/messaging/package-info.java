/** Tests of the service on a real broker. */
@NullMarked
package io.gapstream.relaxation.messaging;

import org.jspecify.annotations.NullMarked;
