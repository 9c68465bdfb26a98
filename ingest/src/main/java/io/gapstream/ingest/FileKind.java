package io.gapstream.ingest;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files that are no text, or text in another encoding, by their first bytes. */
final class FileKind {

  /** In Latin-1, so that each character is a byte. */
  private static final Map<String, String> BEGINNINGS = beginnings();

  private FileKind() {}

  private static Map<String, String> beginnings() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("\u00FF\u00FE\0\0", "text in UTF-32");
    kinds.put("\u00FF\u00FE", "text in UTF-16, as Excel saves 'Unicode Text'");
    kinds.put("\u00FE\u00FF", "text in UTF-16");
    kinds.put("\0\0\u00FE\u00FF", "text in UTF-32");
    kinds.put("PK\3\4", "a ZIP archive, as an .xlsx, .ods or .npz file is");
    kinds.put("\u00D0\u00CF\u0011\u00E0", "an old Excel or Office file");
    kinds.put("\u001F\u008B", "compressed with gzip");
    kinds.put("BZh", "compressed with bzip2");
    kinds.put("\u00FD7zXZ", "compressed with xz");
    kinds.put("(\u00B5/\u00FD", "compressed with zstd");
    kinds.put("7z\u00BC\u00AF", "a 7z archive");
    kinds.put("\u0093NUMPY", "a NumPy array");
    kinds.put("PAR1", "a Parquet file");
    kinds.put("\u0089HDF", "an HDF5 file");
    kinds.put("%PDF", "a PDF document");
    kinds.put("\u0089PNG", "an image");
    kinds.put("\u00FF\u00D8\u00FF", "an image");
    return kinds;
  }

  /** What a file is, with its article; null where the beginning does not tell. */
  static @Nullable String of(byte[] first, int count) {
    String start = new String(first, 0, count, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> kind : BEGINNINGS.entrySet()) {
      if (start.startsWith(kind.getKey())) {
        return kind.getValue();
      }
    }
    boolean wide =
        count >= 4 && (first[0] == 0) == (first[2] == 0) && (first[1] == 0) == (first[3] == 0);
    return wide && (first[0] == 0) != (first[1] == 0) ? "text in UTF-16" : null;
  }
}
