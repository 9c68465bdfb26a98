package io.gapstream.ingest;

import java.util.ArrayList;
import java.util.List;

/** The first characters of a file, kept for saying what is wrong with it. */
final class Head {

  private static final int MAX_CHARS = 16 * 1024;
  private static final int MAX_LINES = 30;

  private final StringBuilder text = new StringBuilder();

  /**
   * A line that is not blank.
   *
   * @param number from 1
   * @param text without its end
   */
  record Line(long number, String text) {}

  /** Takes the next characters of the file. */
  void append(char[] chars, int offset, int length) {
    text.append(chars, offset, Math.min(length, MAX_CHARS - text.length()));
  }

  /** The first lines that are not blank; none that is cut off. */
  List<Line> lines() {
    String[] all = text.toString().split("\r\n|\r|\n", -1);
    int whole = text.length() < MAX_CHARS ? all.length : all.length - 1;
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < whole && lines.size() < MAX_LINES; i++) {
      if (!all[i].isBlank()) {
        lines.add(new Line(i + 1, all[i]));
      }
    }
    return lines;
  }
}
