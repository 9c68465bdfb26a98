package io.gapstream.localstack;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;

/** A JVM of its own that says how it was set up, fails, or waits. */
final class ChildToStart {

  private ChildToStart() {}

  /** Does what its argument says, in the working directory. */
  @SuppressWarnings("StringCaseLocaleUsage") // what the default locale does is what is asked
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "say" -> {
        Files.writeString(Path.of("made"), "");
        String folder = String.valueOf(Path.of("").toAbsolutePath().getFileName());
        new java.io.PrintStream(System.out, true, "UTF-8")
            .println(
                "title".toUpperCase()
                    + " "
                    + "TITLE".toLowerCase()
                    + " "
                    + Locale.getDefault()
                    + " "
                    + ZoneId.systemDefault()
                    + " "
                    + Charset.defaultCharset()
                    + " µ "
                    + folder);
      }
      case "fail" ->
          throw new IllegalStateException(
              "could not start",
              new RuntimeException(
                  "in between", new IllegalArgumentException("No enum constant X.yarım")));
      default -> Thread.sleep(60_000);
    }
  }
}
