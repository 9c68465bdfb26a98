/** Tests of the job with real numerics and without a broker. */
@NullMarked
package io.gapstream.trainer.application;

import org.jspecify.annotations.NullMarked;
