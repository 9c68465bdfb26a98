/** What the tests share: datasets, and the judgement of evidence. */
@NullMarked
package io.gapstream.relaxation;

import org.jspecify.annotations.NullMarked;
