/** Tests of what is read from the broker. */
@NullMarked
package io.gapstream.datagenerator.messaging;

import org.jspecify.annotations.NullMarked;
