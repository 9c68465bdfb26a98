package io.gapstream.datagenerator.messaging;

import io.gapstream.datagenerator.application.Work;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is known of the datasets of one partition that some worker group has not done. */
final class Backlog {

  /**
   * A dataset.
   *
   * @param offset in its partition
   * @param sentMillis since the epoch
   * @param work that it asks for
   */
  record Entry(long offset, long sentMillis, Work work) {}

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long first;

  /** Starts anew: everything from this offset on is to be read. */
  void startAt(long offset) {
    entries.clear();
    first = offset;
  }

  void add(Entry entry) {
    entries.addLast(entry);
  }

  /** Forgets what every group has done. */
  void forgetBefore(long offset) {
    while (!entries.isEmpty() && entries.peekFirst().offset() < offset) {
      entries.removeFirst();
    }
    first = Math.max(first, offset);
  }

  /** The offset from which on everything was read. */
  long first() {
    return first;
  }

  /** In the order of their offsets. */
  Iterable<Entry> entries() {
    return entries;
  }
}
