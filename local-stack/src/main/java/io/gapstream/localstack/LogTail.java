package io.gapstream.localstack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The end of a log for a message, which ends with the line that says why. */
final class LogTail {

  private static final int LINES = 10;
  private static final int MOST_BYTES = 256 * 1024;

  private static final Pattern FRAME =
      Pattern.compile("\\s+at \\S.*|\\s+\\.\\.\\. \\d+ (more|common frames omitted).*|\\s*");

  private static final Pattern CAUSE = Pattern.compile("\\s*Caused by: .*");

  /** The first line of a stack trace, alone or at the end of a line of a log. */
  private static final Pattern THROWN =
      Pattern.compile(
          "(Exception in thread .*|.*?\\b([a-z][\\w$]*\\.)+[A-Z][\\w$]*(Exception|Error)(: .*)?)");

  private static final Pattern SEVERE = Pattern.compile(".*\\b(ERROR|FATAL|PANIC)\\b.*");

  private LogTail() {}

  /**
   * The last lines without stack frames, and after them the cause.
   *
   * @param log may be absent
   * @param from where the part of the log begins that counts
   */
  static String of(Path log, long from) {
    String text = since(log, from);
    List<String> lines = text.lines().filter(line -> !FRAME.matcher(line).matches()).toList();
    if (lines.isEmpty()) {
      return "It wrote nothing to " + log + ".";
    }
    String shown =
        String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    String cause = cause(lines);
    return "The end of "
        + log
        + ":\n"
        + shown
        + (cause.equals(lines.get(lines.size() - 1))
            ? ""
            : "\nThe cause: " + cause.strip().replaceFirst("^Caused by: ", ""));
  }

  /** What was written to a log from a position on; its end, where that is long. */
  static String since(Path log, long from) {
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      long size = channel.size();
      channel.position(Math.min(size, Math.max(from, size - MOST_BYTES)));
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - channel.position()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until all is read.
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String cause(List<String> lines) {
    int thrown = last(lines, THROWN, CAUSE);
    if (thrown >= 0) {
      int deepest = last(lines, CAUSE, null);
      return lines.get(Math.max(thrown, deepest));
    }
    int severe = last(lines, SEVERE, null);
    return lines.get(severe >= 0 ? severe : lines.size() - 1);
  }

  private static int last(List<String> lines, Pattern wanted, @Nullable Pattern unwanted) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      if (wanted.matcher(line).matches()
          && (unwanted == null || !unwanted.matcher(line).matches())) {
        return i;
      }
    }
    return -1;
  }
}
