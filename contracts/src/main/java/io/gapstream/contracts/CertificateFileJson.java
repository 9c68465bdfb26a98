package io.gapstream.contracts;

import java.util.Arrays;

/**
 * Writes certificate files and reads them back. The same certificate always gives the same bytes,
 * and reading accepts nothing beyond docs/certificate-format.md: whoever wrote a file may be an
 * enemy.
 */
public final class CertificateFileJson {

  private CertificateFileJson() {}

  /** What a file turned out to be. */
  public sealed interface Reading {

    /** A certificate; whether it proves what it claims is another question. */
    record Whole(CertificateFile certificate) implements Reading {}

    /** Not a certificate file; the reason says what is wrong and where. */
    record Malformed(String reason) implements Reading {}

    /** Of a version, or with a rung, that is not known here. */
    record Unknown(String reason) implements Reading {}
  }

  /** The file: one line of ASCII. */
  public static byte[] write(CertificateFile certificate) {
    byte[] json = MessageJson.writeAscii(certificate);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /**
   * Reads a file.
   *
   * @param json Not modified.
   */
  public static Reading read(byte[] json) {
    if (json.length > CertificateFile.MAX_BYTES) {
      return tooLarge(json.length);
    }
    try {
      return new CertificateFileReader(json).read();
    } catch (InvalidMessageException e) {
      return new Reading.Malformed(printable(String.valueOf(e.getMessage())));
    }
  }

  /** What a file says may be shown on a terminal, and holds no half of a character. */
  static String printable(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  /** What a file of more than {@link CertificateFile#MAX_BYTES} is, without reading it. */
  public static Reading tooLarge(long bytes) {
    return new Reading.Malformed(
        "The file has " + bytes + " bytes; at most " + CertificateFile.MAX_BYTES + " are allowed.");
  }
}
