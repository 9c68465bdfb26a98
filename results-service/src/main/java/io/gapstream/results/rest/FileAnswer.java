package io.gapstream.results.rest;

import io.gapstream.contracts.Verdict;
import io.gapstream.results.application.Export;
import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.StreamingOutput;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Answers that are files to be kept. */
final class FileAnswer {

  private FileAnswer() {}

  /**
   * The file, or nothing where the client has it already.
   *
   * @param file what it is called when there is none
   * @param suffix of its name for the client, after the experiment's id
   * @throws jakarta.ws.rs.WebApplicationException if there is no such file
   */
  static Response of(
      String experimentId, String file, String suffix, Export export, Request request) {
    if (export instanceof Export.NoExperiment) {
      throw CertificateResource.unknown(experimentId);
    }
    if (export instanceof Export.NoBound missing) {
      throw Problem.of(
              Status.NOT_FOUND,
              "There is no " + file + ": experiment '" + experimentId + "' " + why(missing))
          .with("experimentId", experimentId)
          .with("verdict", missing.verdict())
          .toException();
    }
    byte[] content = ((Export.File) export).content();
    EntityTag tag = new EntityTag(sha256(content));
    Response.ResponseBuilder answer = request.evaluatePreconditions(tag);
    if (answer == null) {
      // A stream waits for a slow client; an array would lie in a buffer without a limit.
      answer =
          Response.ok((StreamingOutput) out -> out.write(content))
              .header(HttpHeaders.CONTENT_LENGTH, content.length)
              .header(
                  HttpHeaders.CONTENT_DISPOSITION,
                  "attachment; filename=\"" + experimentId + suffix + "\"");
    }
    // To be kept, but asked for again: a tighter bound brings another file to the same address.
    return answer.tag(tag).header(HttpHeaders.CACHE_CONTROL, "no-cache").build();
  }

  private static String why(Export.NoBound missing) {
    return missing.verdict() == Verdict.REFUTED
        ? "has verified bounds that contradict each other, so none is shown. Please report it."
        : "has no verified " + missing.kind() + " bound yet. Try again when it has.";
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
