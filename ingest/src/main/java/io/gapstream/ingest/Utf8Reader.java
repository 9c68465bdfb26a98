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
 * Decodes UTF-8, keeps its beginning, and refuses what is not text, with the line. The JDK's reader
 * drops the characters that it decoded before a malformed byte, and with them the line's number.
 */
final class Utf8Reader extends Reader {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int FIRST_BYTES = 8;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final String file;
  private final Head head;
  private final byte[] firstBytes = new byte[FIRST_BYTES];
  private int firstCount;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private boolean endOfInput;
  private boolean atStart = true;
  private boolean afterReturn;
  private long line = 1;

  /**
   * @param head takes the first characters
   */
  Utf8Reader(InputStream in, String file, Head head) {
    this.in = in;
    this.file = file;
    this.head = head;
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
        throw notText("the file is not UTF-8 text; save it as a CSV file in UTF-8.");
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
    head.append(target, offset, chars.position() - start);
    return chars.position() - start;
  }

  private void check(char[] chars, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c == '\r' || (c == '\n' && !afterReturn)) {
        line++;
      } else if (c == 0) {
        throw notText("the file holds a zero byte, so it is not text; save it as a CSV file.");
      }
      afterReturn = c == '\r';
    }
  }

  /** Names what the file is, where its first bytes tell. */
  private BadTableException notText(String otherwise) {
    String kind = FileKind.of(firstBytes, firstCount);
    return kind == null
        ? BadTableException.inLine(file, line, otherwise)
        : BadTableException.inFile(
            file, "the file is " + kind + "; save it as a CSV file in UTF-8.");
  }

  private void fill() throws IOException {
    bytes.compact();
    int count = in.read(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    if (count < 0) {
      endOfInput = true;
    } else {
      for (int i = 0; i < count && firstCount < FIRST_BYTES; i++) {
        firstBytes[firstCount++] = bytes.get(bytes.position() + i);
      }
      bytes.position(bytes.position() + count);
    }
    bytes.flip();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
