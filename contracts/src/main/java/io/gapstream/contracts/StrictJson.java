package io.gapstream.contracts;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) that may come from an enemy. Nothing is accepted but the grammar: valid
 * UTF-8 without a byte order mark, every name once in its object, numbers that do not overflow, one
 * value and nothing after it. Texts and numbers stay where they are; what is held beside the bytes
 * is bounded by the number of values and by the depth, whatever the file says.
 */
final class StrictJson {

  /** Depth of the innermost object or list; that of the outermost is 1. */
  static final int MAX_DEPTH = 32;

  /** Objects, lists, texts, numbers, {@code true}, {@code false} and {@code null} in all. */
  static final int MAX_VALUES = 10_000;

  /** Backslashes that begin an escape, in all texts together; an honest file has a few. */
  static final int MAX_ESCAPES = 2_000_000;

  /** Characters of a number. */
  static final int MAX_NUMBER_LENGTH = 400;

  private static final int DECODED_CHARS = 8192;

  /** A value and where it begins. */
  sealed interface Value {}

  /** An object. */
  record Members(Map<String, Value> byName) implements Value {}

  /** A list. */
  record Elements(List<Value> values) implements Value {}

  /** A text between its quotes, from inclusive, to exclusive; with or without backslashes. */
  record Text(int from, int to, boolean escaped) implements Value {}

  /** A number, the nearest double to what is written. */
  record Number(double value) implements Value {}

  /** {@code true}, {@code false} or {@code null}. */
  record Word(String word) implements Value {}

  private final byte[] json;
  private int position;
  private int values;
  private int escapes;

  private StrictJson(byte[] json) {
    this.json = json;
  }

  /**
   * Reads a whole file.
   *
   * @param json Not modified.
   * @throws InvalidMessageException if it is not such JSON; the reason says at which byte
   */
  static Value parse(byte[] json) {
    return new StrictJson(json).whole();
  }

  private Value whole() {
    boolean mark =
        json.length >= 3
            && json[0] == (byte) 0xef
            && json[1] == (byte) 0xbb
            && json[2] == (byte) 0xbf;
    require(!mark, "a byte order mark; leave it out");
    requireUtf8();
    skipSpace();
    Value value = value(1);
    skipSpace();
    require(position == json.length, "something after the end of the JSON");
    return value;
  }

  private void requireUtf8() {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    ByteBuffer bytes = ByteBuffer.wrap(json);
    CharBuffer chars = CharBuffer.allocate(DECODED_CHARS);
    while (true) {
      chars.clear();
      var result = decoder.decode(bytes, chars, true);
      if (result.isError()) {
        position = bytes.position();
        throw malformed("bytes that are not UTF-8");
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private Value value(int depth) {
    values++;
    require(values <= MAX_VALUES, "more than " + MAX_VALUES + " values");
    int c = peek();
    if (c == '{' || c == '[') {
      require(depth <= MAX_DEPTH, "nesting deeper than " + MAX_DEPTH);
      return c == '{' ? object(depth) : list(depth);
    }
    if (c == '"') {
      return text();
    }
    if (c == '-' || isDigit(c)) {
      return number();
    }
    for (String word : List.of("true", "false", "null")) {
      if (at(word)) {
        position += word.length();
        return new Word(word);
      }
    }
    throw malformed(c < 0 ? "its end where a value is expected" : "what is no JSON value");
  }

  private Value object(int depth) {
    Map<String, Value> members = new LinkedHashMap<>();
    position++;
    skipSpace();
    if (take('}')) {
      return new Members(members);
    }
    do {
      skipSpace();
      require(peek() == '"', "no name in quotes where one is expected");
      int start = position;
      Text written = text();
      String name = read(json, written);
      if (members.containsKey(name)) {
        position = start;
        throw malformed("the name '" + Check.clip(name, 100) + "' for the second time");
      }
      skipSpace();
      require(take(':'), "no colon after a name");
      skipSpace();
      members.put(name, value(depth + 1));
      skipSpace();
    } while (take(','));
    require(take('}'), "neither a comma nor the end of an object");
    return new Members(Collections.unmodifiableMap(members));
  }

  private Value list(int depth) {
    List<Value> elements = new ArrayList<>();
    position++;
    skipSpace();
    if (take(']')) {
      return new Elements(elements);
    }
    do {
      skipSpace();
      elements.add(value(depth + 1));
      skipSpace();
    } while (take(','));
    require(take(']'), "neither a comma nor the end of a list");
    return new Elements(elements);
  }

  private Text text() {
    position++;
    int from = position;
    boolean escaped = false;
    while (true) {
      int c = peek();
      require(c >= 0, "its end within a text");
      if (c == '"') {
        position++;
        return new Text(from, position - 1, escaped);
      }
      require(c >= 0x20, "a control character within a text");
      position++;
      if (c == '\\') {
        escaped = true;
        escape();
      }
    }
  }

  private void escape() {
    escapes++;
    require(escapes <= MAX_ESCAPES, "more than " + MAX_ESCAPES + " escapes");
    int c = peek();
    if (c == 'u') {
      position++;
      for (int digit = 0; digit < 4; digit++) {
        require(Character.digit(peek(), 16) >= 0, "an escape without four hexadecimal digits");
        position++;
      }
      return;
    }
    require(c >= 0 && "\"\\/bfnrt".indexOf(c) >= 0, "an unknown escape");
    position++;
  }

  private Value number() {
    int from = position;
    take('-');
    if (!take('0')) {
      digits();
    }
    if (take('.')) {
      digits();
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      digits();
    }
    require(
        position - from <= MAX_NUMBER_LENGTH,
        "a number of more than " + MAX_NUMBER_LENGTH + " characters");
    String written = new String(json, from, position - from, StandardCharsets.US_ASCII);
    double value = Double.parseDouble(written);
    require(Double.isFinite(value), "the number " + Check.clip(written, 100) + ", which overflows");
    return new Number(value);
  }

  private void digits() {
    require(isDigit(peek()), "no digit where a number goes on");
    while (isDigit(peek())) {
      position++;
    }
  }

  /** What a text stands for. */
  static String read(byte[] json, Text text) {
    String raw = new String(json, text.from(), text.to() - text.from(), StandardCharsets.UTF_8);
    if (!text.escaped()) {
      return raw;
    }
    StringBuilder read = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        read.append(c);
        continue;
      }
      i++;
      char escaped = raw.charAt(i);
      switch (escaped) {
        case 'b' -> read.append('\b');
        case 'f' -> read.append('\f');
        case 'n' -> read.append('\n');
        case 'r' -> read.append('\r');
        case 't' -> read.append('\t');
        case 'u' -> {
          read.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> read.append(escaped);
      }
    }
    return read.toString();
  }

  /** The byte here, 0 or above; -1 at the end. */
  private int peek() {
    return position < json.length ? json[position] & 0xff : -1;
  }

  private boolean take(char c) {
    if (peek() == c) {
      position++;
      return true;
    }
    return false;
  }

  private boolean at(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (position + i >= json.length || json[position + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void skipSpace() {
    while (true) {
      int c = peek();
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      position++;
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private void require(boolean condition, String found) {
    if (!condition) {
      throw malformed(found);
    }
  }

  private InvalidMessageException malformed(String found) {
    return new InvalidMessageException("The file has " + found + ", at byte " + position + ".");
  }
}
