package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Verdict;

/** What there is of a part of a certificate as a file. */
public sealed interface Export {

  /** There is no such experiment. */
  record NoExperiment() implements Export {}

  /**
   * The certificate has no such bound, so nothing that it rests on.
   *
   * @param kind lower or upper
   * @param verdict of the certificate; says why
   */
  record NoBound(BoundKind kind, Verdict verdict) implements Export {}

  /**
   * The file.
   *
   * @param content the file's bytes. Not modified.
   */
  @SuppressWarnings("ArrayRecordComponent") // large, never compared
  record File(byte[] content) implements Export {}
}
