package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What a verified bound rests on; apart from the result, because it is large. */
@Entity
@Table(name = "evidence")
@SuppressWarnings("NullAway.Init")
public class EvidenceEntity {
  @Id public String resultId;

  /** JSON of {@code LowerEvidence} or {@code NetworkWeights}. */
  public byte[] document;
}
