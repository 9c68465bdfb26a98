package io.gapstream.datagenerator.application;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is on the topic and not done by a worker group, what it is working on included.
 *
 * @param datasets how many
 * @param seconds budget of all of them
 * @param longestSeconds budget of those that wait for the same replica, where that is most: a new
 *     dataset waits so long at most; all of them where no replica runs
 * @param oldest when the oldest was sent; null when nothing waits
 * @param replicas that run now
 */
public record Waiting(
    long datasets, double seconds, double longestSeconds, @Nullable Instant oldest, int replicas) {}
