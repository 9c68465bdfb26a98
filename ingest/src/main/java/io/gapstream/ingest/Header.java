package io.gapstream.ingest;

/** What is known of a file's first line. */
public enum Header {
  /**
   * It is to hold names; where it holds nothing but numbers, the file is refused with a question.
   */
  EXPECTED,
  /** It holds names, whatever they look like. */
  PRESENT,
  /** It is a row as all others; the columns are called 0, 1, 2 and so on. */
  ABSENT
}
