package io.gapstream.results.store;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Verdict;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The best result of one method or run, of one kind. */
@Entity
@Table(name = "result")
@SuppressWarnings("NullAway.Init")
public class ResultEntity {
  /** Made from the columns that tell results apart, so that replays give the same ids. */
  @Id public String id;

  public String experimentId;
  public Source source;
  public String method;
  public @Nullable Integer width;
  public @Nullable Long seed;
  public BoundKind kind;

  public Verdict verdict;

  /** With the verdicts verified and estimate, and with no other. */
  public @Nullable Double value;

  /** What a verified lower bound rests on. */
  public @Nullable Rung rung;

  /** Why a claim was refuted. */
  public @Nullable String refutation;

  /** The message that the columns from verdict on come from. */
  public int claimRevision;

  /** Of that message's bytes; decides between equals, whatever the order in which they came. */
  public String claimSha256;

  public Status status;

  /** Why the work failed. */
  public @Nullable String reason;

  /** JSON object, names in order. */
  public String measures;

  public long iterations;
  public double elapsedSeconds;

  /** The message that says how the work stands; the columns from status on come from it. */
  public int revision;

  public String payloadSha256;

  /** Whether that message was its method's or run's last. */
  public boolean standingLast;

  /** Whether what that message claimed was refuted. */
  public boolean standingRefuted;

  /** What that message claimed, true or not; only for comparing messages, never shown. */
  public @Nullable Double standingValue;

  /** Whether the method or run has sent its last result; never goes back to false. */
  public boolean complete;

  public Instant createdAt;
  public Instant updatedAt;
}
