package io.gapstream.localstack.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The words of the command line as they were given. In a locale without UTF-8, such as {@code
 * LC_ALL=C}, Java replaces every other letter before a program sees it; on Linux the bytes are
 * still there.
 */
final class Arguments {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /**
   * The words, read as UTF-8 where Java did not.
   *
   * @param args as Java gave them. Not modified.
   */
  static String[] asGiven(String[] args) {
    return System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8")
        ? args
        : asGiven(args, bytes());
  }

  /**
   * @param commandLine of the whole process, each word ended by a zero byte; null where it is not
   *     known
   */
  static String[] asGiven(String[] args, byte @Nullable [] commandLine) {
    List<byte[]> words = commandLine == null ? List.of() : split(commandLine);
    if (words.size() < args.length) {
      return args;
    }
    List<byte[]> last = words.subList(words.size() - args.length, words.size());
    String[] given = args.clone();
    for (int i = 0; i < args.length; i++) {
      String word = utf8(last.get(i));
      if (word == null || !similar(word, args[i])) {
        return args; // not these words
      }
      given[i] = word;
    }
    return given;
  }

  /** Whether all ASCII of the one stands in the other: whatever else there is, was replaced. */
  private static boolean similar(String word, String arg) {
    return ascii(word).equals(ascii(arg));
  }

  private static String ascii(String text) {
    return text.replaceAll("[^\\p{ASCII}]|\\?", "");
  }

  private static @Nullable String utf8(byte[] word) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static List<byte[]> split(byte[] commandLine) {
    List<byte[]> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        words.add(Arrays.copyOfRange(commandLine, start, i));
        start = i + 1;
      }
    }
    return words;
  }

  private static byte @Nullable [] bytes() {
    try {
      return Files.readAllBytes(COMMAND_LINE);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * A word as a path.
   *
   * @throws CommandException if this locale has no such path
   */
  static Path path(String word) {
    try {
      return Path.of(word);
    } catch (InvalidPathException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          String.format(
              Locale.ROOT,
              "The name '%s' cannot be used in this locale, whose encoding is %s. Set LC_ALL to one"
                  + " with UTF-8, such as C.UTF-8, or rename the file.",
              word,
              System.getProperty("sun.jnu.encoding", "unknown")),
          e);
    }
  }
}
