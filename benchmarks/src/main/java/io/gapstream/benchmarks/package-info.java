/**
 * Measurements on pinned workloads, with JMH. Run {@code java -jar
 * benchmarks/target/benchmarks.jar} after a build. They never decide a test.
 */
@NullMarked
package io.gapstream.benchmarks;

import org.jspecify.annotations.NullMarked;
