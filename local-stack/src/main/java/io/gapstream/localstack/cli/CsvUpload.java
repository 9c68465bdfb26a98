package io.gapstream.localstack.cli;

import io.gapstream.ingest.Header;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is sent of a CSV file. A file whose first line was in doubt gets another one, of which
 * nobody has to ask what it is: 0, 1, 2 and so on.
 */
final class CsvUpload {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvUpload() {}

  /** The file as it is, or with a first line of numbers. */
  static BodyPublisher body(Path file, Header header, int columns) {
    if (header == Header.EXPECTED) {
      return Upload.content(file);
    }
    return InputFile.read(
        file, () -> BodyPublishers.ofByteArray(counted(Files.readString(file), header, columns)));
  }

  /** The target's name in what is sent. */
  static String target(String target, Header header, int index) {
    return header == Header.EXPECTED ? target : Integer.toString(index);
  }

  static byte[] counted(String csv, Header header, int columns) {
    String text = csv.startsWith(BYTE_ORDER_MARK) ? csv.substring(1) : csv;
    String rows =
        header == Header.ABSENT ? text : text.replaceFirst("\\A[^\r\n]*(?:\r\n|\r|\n)", "");
    String names =
        IntStream.range(0, columns).mapToObj(Integer::toString).collect(Collectors.joining(","));
    return (names + "\n" + rows).getBytes(StandardCharsets.UTF_8);
  }
}
