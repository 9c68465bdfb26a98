package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/**
 * Where a command writes.
 *
 * @param out takes data
 * @param err takes errors, and progress when it is a terminal
 * @param outIsTerminal whether a person reads the data as they come
 * @param errIsTerminal whether a person reads the progress
 */
record Terminal(PrintWriter out, PrintWriter err, boolean outIsTerminal, boolean errIsTerminal) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** A line of data. */
  void print(String line) {
    out.println(line);
    out.flush();
  }

  /** Data for programs. */
  void print(JsonNode json) {
    try {
      print(JSON.writeValueAsString(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line about what is going on. */
  void progress(String line) {
    if (errIsTerminal) {
      log(line);
    }
  }

  /** A line about what is going on, for whoever asked for it. */
  void log(String line) {
    err.println(line);
    err.flush();
  }

  /** What the person who called has to know. */
  void error(String line) {
    err.println("gap: " + line);
    err.flush();
  }
}
