package io.gapstream.results.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.store.DatasetEntity;
import io.gapstream.results.store.ExperimentEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** The problems that claims are verified against; a stored dataset never changes. */
@ApplicationScoped
public class Problems {

  /**
   * An experiment's problem.
   *
   * @param problem data and beta
   * @param sha256 of the data
   */
  record Stored(Problem problem, String sha256) {}

  private final EntityManager entities;
  private final Cache<String, Stored> cache;

  Problems(EntityManager entities, ResultsConfig config) {
    this.entities = entities;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(config.cachedValues())
            .<String, Stored>weigher(
                (id, stored) -> stored.problem().n() * (stored.problem().d() + 1))
            .build();
  }

  /** The problem of an experiment whose dataset has come. */
  @Transactional
  Optional<Stored> find(String experimentId) {
    Stored cached = cache.getIfPresent(experimentId);
    if (cached != null) {
      return Optional.of(cached);
    }
    ExperimentEntity experiment = entities.find(ExperimentEntity.class, experimentId);
    DatasetEntity dataset = entities.find(DatasetEntity.class, experimentId);
    if (experiment == null || dataset == null) {
      return Optional.empty();
    }
    Stored stored =
        new Stored(
            new Problem(
                experiment.n,
                experiment.d,
                Doubles.fromBytes(dataset.x),
                Doubles.fromBytes(dataset.y),
                experiment.beta),
            experiment.sha256);
    cache.put(experimentId, stored);
    return Optional.of(stored);
  }

  /** Forgets a problem that is no longer stored: the database was put back to an earlier state. */
  void forget(String experimentId) {
    cache.invalidate(experimentId);
  }
}
