package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** {@code X} ({@code n x d}, row-major) and {@code y} (n) as little-endian float64. */
@Entity
@Immutable
@Table(name = "dataset")
@SuppressWarnings("NullAway.Init")
public class DatasetEntity {
  @Id public String experimentId;
  public byte[] x;
  public byte[] y;
}
