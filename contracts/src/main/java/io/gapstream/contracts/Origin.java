package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset comes from.
 *
 * @param kind generated, uploaded as a file, or given inline
 * @param source the file's name or another hint for the reader; for uploads
 * @param generator what was generated; for generated data only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Origin(Kind kind, @Nullable String source, @Nullable Generator generator) {

  /** The ways a dataset can come in. */
  public enum Kind {
    /** Made by data-generator from a seed. */
    @JsonProperty("generator")
    GENERATOR,
    /** A file. */
    @JsonProperty("upload")
    UPLOAD,
    /** Numbers in the request itself. */
    @JsonProperty("inline")
    INLINE
  }

  /** Checks that a generated dataset, and no other, names its generator. */
  public Origin {
    Check.present(kind, "origin.kind");
    Check.that(
        (kind == Kind.GENERATOR) == (generator != null),
        "origin.generator goes with the kind 'generator' and with no other.");
    Check.that(
        source == null || kind == Kind.UPLOAD,
        "origin.source is '%s'; it goes with the kind 'upload' and with no other.",
        source);
    Check.textOrNull(source, "origin.source");
  }

  /** Data made from {@code generator}. */
  public static Origin generated(Generator generator) {
    return new Origin(Kind.GENERATOR, null, generator);
  }

  /** Data read from a file of this name. */
  public static Origin upload(String source) {
    return new Origin(Kind.UPLOAD, source, null);
  }

  /** Data that came inside the request. */
  public static Origin inline() {
    return new Origin(Kind.INLINE, null, null);
  }
}
