/** Tests of the service on a real broker. */
@NullMarked
package io.gapstream.trainer.messaging;

import org.jspecify.annotations.NullMarked;
