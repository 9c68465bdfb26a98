package io.gapstream.localstack.cli;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * A file with its parameters as one form (RFC 7578), so that a name of any length has room: an
 * address has not.
 *
 * @param contentType of the whole
 * @param body the whole
 */
record Upload(String contentType, BodyPublisher body) {

  private static final String END = "\r\n";

  /**
   * @param fileName the file's name for the other side
   * @param file the part called file
   * @param fields by name
   */
  static Upload of(String fileName, BodyPublisher file, Map<String, String> fields) {
    String boundary = "gapstream-" + UUID.randomUUID();
    StringBuilder before = new StringBuilder();
    fields.forEach(
        (name, value) ->
            before
                .append("--" + boundary + END)
                .append("Content-Disposition: form-data; name=\"" + name + "\"" + END)
                .append("Content-Type: text/plain; charset=UTF-8" + END + END)
                .append(value + END));
    before
        .append("--" + boundary + END)
        .append("Content-Disposition: form-data; name=\"file\"; filename=\"")
        .append(escaped(fileName) + "\"" + END)
        .append("Content-Type: text/csv" + END + END);
    return new Upload(
        "multipart/form-data; boundary=" + boundary,
        BodyPublishers.concat(
            text(before.toString()), file, text(END + "--" + boundary + "--" + END)));
  }

  /** The content of a file. */
  static BodyPublisher content(Path file) {
    try {
      return BodyPublishers.ofFile(file);
    } catch (FileNotFoundException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "Could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
  }

  /** As browsers write names in forms. */
  private static String escaped(String name) {
    return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }
}
