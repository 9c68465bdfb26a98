package io.gapstream.results.application.files;

import io.gapstream.contracts.NumericArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's file of several arrays: a zip archive with {@code NAME.npy} for each. Stored and not
 * deflated, as by {@code numpy.savez}: weights hardly shrink, and what deflates to the same bytes
 * depends on the Java that does it.
 */
public final class NpzFile {

  /** Early, fixed, and not the first day of the format, which Java takes for no date at all. */
  private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 2, 1, 0, 0);

  private NpzFile() {}

  /** The file of these arrays, in the order of their names. */
  public static byte[] of(SortedMap<String, NumericArray> arrays) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, NumericArray> array : arrays.entrySet()) {
        byte[] content = NpyFile.of(array.getValue());
        zip.putNextEntry(stored(array.getKey() + ".npy", content));
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never, in memory
    }
    return file.toByteArray();
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(ALWAYS);
    return entry;
  }
}
