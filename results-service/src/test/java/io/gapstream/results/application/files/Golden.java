package io.gapstream.results.application.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Files that {@code golden/make.py} wrote with the formats' own libraries. */
final class Golden {

  private Golden() {}

  static byte[] file(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name)) {
      return file.readAllBytes();
    }
  }
}
