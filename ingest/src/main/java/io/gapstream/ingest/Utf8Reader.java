package io.gapstream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 and refuses what is not text, with the line. The JDK's reader drops the characters
 * that it decoded before a malformed byte, and with them the line's number.
 */
final class Utf8Reader extends Reader {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final String file;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private boolean endOfInput;
  private boolean atStart = true;
  private long line = 1;

  Utf8Reader(InputStream in, String file) {
    this.in = in;
    this.file = file;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    // A character outside the basic plane takes two places.
    if (length == 1) {
      throw new IllegalArgumentException("Read at least two characters at a time.");
    }
    CharBuffer chars = CharBuffer.wrap(target, offset, length);
    int start = chars.position();
    while (chars.position() == start) {
      CoderResult result = decoder.decode(bytes, chars, endOfInput);
      check(target, offset, chars.position() - start);
      if (result.isError()) {
        throw BadTableException.inLine(
            file, line, "the file is not UTF-8 text; save it as a CSV file in UTF-8.");
      }
      if (atStart && chars.position() > start) {
        atStart = false;
        if (target[offset] == BYTE_ORDER_MARK) {
          int rest = chars.position() - start - 1;
          System.arraycopy(target, offset + 1, target, offset, rest);
          chars.position(start + rest);
        }
      }
      if (result.isUnderflow() && chars.position() == start) {
        if (endOfInput) {
          return -1;
        }
        fill();
      }
    }
    return chars.position() - start;
  }

  private void check(char[] chars, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (chars[i] == '\n') {
        line++;
      } else if (chars[i] == 0) {
        throw BadTableException.inLine(
            file, line, "the file holds a zero byte, so it is not text; save it as a CSV file.");
      }
    }
  }

  private void fill() throws IOException {
    bytes.compact();
    int count = in.read(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    if (count < 0) {
      endOfInput = true;
    } else {
      bytes.position(bytes.position() + count);
    }
    bytes.flip();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
