/** Tests of what the service does while its servers are away. */
@NullMarked
package io.gapstream.results.messaging;

import org.jspecify.annotations.NullMarked;
