/** What the tests share: datasets, and the judgement of evidence. */
@NullMarked
package io.gapstream.trainer;

import org.jspecify.annotations.NullMarked;
