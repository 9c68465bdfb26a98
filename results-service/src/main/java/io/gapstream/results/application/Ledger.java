package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.CertificateMessage;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.CertificateEntity;
import io.gapstream.results.store.CertificateRepository;
import io.gapstream.results.store.ContradictionEntity;
import io.gapstream.results.store.DatasetEntity;
import io.gapstream.results.store.EvidenceEntity;
import io.gapstream.results.store.ExperimentEntity;
import io.gapstream.results.store.ExperimentLabelEntity;
import io.gapstream.results.store.ExperimentLabelRepository;
import io.gapstream.results.store.ExperimentRepository;
import io.gapstream.results.store.HistoryEntity;
import io.gapstream.results.store.KeptClaims.Kind;
import io.gapstream.results.store.OutboxEntity;
import io.gapstream.results.store.PendingClaimEntity;
import io.gapstream.results.store.PendingClaimRepository;
import io.gapstream.results.store.RefutedClaimEntity;
import io.gapstream.results.store.ResultEntity;
import io.gapstream.results.store.ResultRepository;
import io.gapstream.results.store.Source;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that change what is known about an experiment. Each takes the experiment's lock
 * first, so replicas and partitions never interleave on one, and each leaves the same rows when it
 * is done again.
 */
@ApplicationScoped
public class Ledger {

  private final Clock clock;
  private final EntityManager entities;
  private final ExperimentRepository experiments;
  private final ResultRepository results;
  private final PendingClaimRepository pending;
  private final CertificateRepository certificates;
  private final ExperimentLabelRepository labels;
  private final Retention retention;

  Ledger(
      Clock clock,
      EntityManager entities,
      ExperimentRepository experiments,
      ResultRepository results,
      PendingClaimRepository pending,
      CertificateRepository certificates,
      ExperimentLabelRepository labels,
      Retention retention) {
    this.clock = clock;
    this.entities = entities;
    this.experiments = experiments;
    this.results = results;
    this.pending = pending;
    this.certificates = certificates;
    this.labels = labels;
    this.retention = retention;
  }

  /**
   * Stores a dataset, once, and the labels under which it comes, whenever it comes.
   *
   * @param givenAt when its labels were given
   * @throws InvalidMessageException if another dataset is known under this experiment's id
   */
  @Transactional
  void register(DatasetMessage message, Instant givenAt) {
    experiments.lock(message.experimentId());
    Instant now = now();
    // Nobody gives the last label for good by dating it ahead.
    Instant given = givenAt.isAfter(now) ? now : givenAt.truncatedTo(ChronoUnit.MICROS);
    ExperimentEntity row = experiment(message, now);
    ExperimentEntity known = experiments.findById(message.experimentId());
    if (known != null) {
      requireSame(known, row);
      keepLabel(row, given, now);
      showNewestLabel(known);
      return;
    }
    experiments.persist(row);
    DatasetEntity dataset = new DatasetEntity();
    dataset.experimentId = row.id;
    dataset.x = Doubles.toBytes(message.x().values());
    dataset.y = Doubles.toBytes(message.y().values());
    entities.persist(dataset);
    CertificateEntity certificate = new CertificateEntity();
    certificate.experiment = row;
    certificate.verdict = Verdict.PENDING;
    certificate.complete = row.plannedResults == 0;
    certificate.updatedAt = row.receivedAt;
    certificates.persist(certificate);
    experiments.flush(); // the row that the label refers to
    keepLabel(row, given, now);
    certificates.announceChange(row.id);
  }

  private void keepLabel(ExperimentEntity named, Instant given, Instant now) {
    String id = labelId(named);
    ExperimentLabelEntity label = labels.findById(id);
    if (label == null) {
      label = new ExperimentLabelEntity();
      label.id = id;
      label.experimentId = named.id;
      label.name = named.name;
      label.studyId = named.studyId;
      label.origin = named.origin;
      label.givenAt = given;
      label.firstSeen = now;
      labels.persist(label);
    } else if (given.isAfter(label.givenAt)) {
      label.givenAt = given;
    }
  }

  private void showNewestLabel(ExperimentEntity experiment) {
    ExperimentLabelEntity newest = labels.newest(experiment.id);
    if (!labelId(experiment).equals(labelId(newest))) {
      experiment.name = newest.name;
      experiment.studyId = newest.studyId;
      experiment.origin = newest.origin;
      certificates.announceChange(experiment.id);
    }
  }

  /** The claim that was put aside first; it stays until it is settled or set aside. */
  @Transactional
  Optional<Payload> firstHeld(String experimentId) {
    return pending.first(experimentId).map(row -> Payload.of(row.topic, row.payload));
  }

  /**
   * Takes a claim that cannot be settled from those that are held, and keeps it with the reason.
   */
  @Transactional
  void setAside(String experimentId, Payload payload, String reason) {
    experiments.lock(experimentId);
    pending.deleteById(payload.sha256());
    if (retention.hasRoom(Kind.REFUTED, experimentId, payload.bytes().length)
        && entities.find(RefutedClaimEntity.class, payload.sha256()) == null) {
      entities.persist(refutedClaim(experimentId, payload, reason, now()));
      retention.makeRoom(Kind.REFUTED);
    }
  }

  /**
   * What is known of a claim without verifying its evidence: that it is the proof that is stored,
   * that it is no better than that, or that it was refuted before.
   *
   * @param claim about the experiment's data, with a value
   */
  @Transactional
  Optional<Outcome> known(Claim claim) {
    ResultEntity row = results.findById(claim.resultId());
    if (row != null && isSameProof(row, claim)) {
      return Optional.of(new Outcome.Verified(value(row), row.rung));
    }
    if (isSurpassed(claim)) {
      return Optional.of(new Outcome.Surpassed());
    }
    return entities
        .createQuery(
            "select r.reason from RefutedClaimEntity r"
                + " where r.payloadSha256 = :sha256 and r.resultId = :result",
            String.class)
        .setParameter("sha256", claim.payload().sha256())
        .setParameter("result", claim.resultId())
        .getResultStream()
        .<Outcome>map(reason -> new Outcome.Refuted(reason))
        .findFirst();
  }

  private boolean isSurpassed(Claim claim) {
    ResultEntity row = results.findById(claim.resultId());
    return row != null && claim.value() != null && !ResultMerge.isBetter(row, claim.value());
  }

  /**
   * Takes a judged claim into its row and lets the certificate follow, or puts the claim aside if
   * its dataset has not come.
   *
   * @param outcome absent if there was no dataset to judge the claim by
   */
  @Transactional
  Settlement settle(Claim claim, @Nullable Outcome outcome) {
    experiments.lock(claim.experimentId());
    Instant now = now();
    Optional<CertificateEntity> found = certificates.withExperiment(claim.experimentId());
    if (found.isEmpty()) {
      hold(claim, now);
      return new Settlement.Held();
    }
    if (outcome == null || outcome instanceof Outcome.Surpassed && !isSurpassed(claim)) {
      return new Settlement.JudgeAgain();
    }
    CertificateEntity certificate = found.get();
    pending.deleteById(claim.payload().sha256());
    boolean newlyRefuted =
        outcome instanceof Outcome.Refuted refuted && keepRefuted(claim, refuted, now);
    if (outcome instanceof Outcome.Refuted other && other.ofOtherData()) {
      return new Settlement.Settled(newlyRefuted, 0, false);
    }
    boolean completes =
        claim.last()
            && !results.anyComplete(claim.run().resultIds())
            && claim.run().isIn(plan(certificate.experiment));
    if (!takeIntoRow(claim, outcome, now)) {
      return new Settlement.Settled(newlyRefuted, 0, false);
    }
    if (completes) {
      certificate.completedResults++;
      certificate.complete = certificate.completedResults >= certificate.experiment.plannedResults;
    }
    certificate.updatedAt = now;
    Settlement settlement = tighten(certificate, claim, newlyRefuted, now);
    certificates.announceChange(claim.experimentId());
    return settlement;
  }

  /** Whether the claim says what the verified row says, with the evidence that is stored. */
  private boolean isSameProof(ResultEntity row, Claim claim) {
    return row.verdict == Verdict.VERIFIED
        && Objects.equals(row.value, claim.value())
        && Arrays.equals(evidence(row), claim.evidence());
  }

  private void hold(Claim claim, Instant now) {
    if (pending.findById(claim.payload().sha256()) != null) {
      return;
    }
    if (!retention.hasRoom(Kind.PENDING, claim.experimentId(), claim.payload().bytes().length)) {
      throw new InvalidMessageException(
          "As many results as are kept wait already for the dataset of experiment "
              + claim.experimentId()
              + "; send this one again once the dataset has come.");
    }
    PendingClaimEntity row = new PendingClaimEntity();
    row.payloadSha256 = claim.payload().sha256();
    row.experimentId = claim.experimentId();
    row.topic = claim.payload().topic();
    row.payload = claim.payload().bytes();
    row.receivedAt = now;
    pending.persist(row);
    retention.makeRoom(Kind.PENDING);
  }

  private boolean keepRefuted(Claim claim, Outcome.Refuted refuted, Instant now) {
    if (entities.find(RefutedClaimEntity.class, claim.payload().sha256()) != null) {
      return false;
    }
    if (retention.hasRoom(Kind.REFUTED, claim.experimentId(), claim.payload().bytes().length)) {
      RefutedClaimEntity row =
          refutedClaim(claim.experimentId(), claim.payload(), refuted.reason(), now);
      row.resultId = claim.resultId();
      row.kind = claim.kind();
      row.claimed = claim.value();
      entities.persist(row);
      retention.makeRoom(Kind.REFUTED);
    }
    return true;
  }

  private static RefutedClaimEntity refutedClaim(
      String experimentId, Payload payload, String reason, Instant now) {
    RefutedClaimEntity row = new RefutedClaimEntity();
    row.payloadSha256 = payload.sha256();
    row.experimentId = experimentId;
    row.reason = reason;
    row.topic = payload.topic();
    row.payload = payload.bytes();
    row.refutedAt = now;
    return row;
  }

  /** Whether anything in the row changed. */
  private boolean takeIntoRow(Claim claim, Outcome outcome, Instant now) {
    ResultEntity row = results.findById(claim.resultId());
    ResultMerge.Taken taken;
    if (row == null) {
      results.persist(ResultMerge.firstRow(claim, outcome, now));
      taken = new ResultMerge.Taken(true, true, claim.last());
    } else {
      taken = ResultMerge.merge(row, claim, outcome, isSameProof(row, claim), now);
    }
    byte[] document = claim.evidence();
    if (taken.claim() && outcome instanceof Outcome.Verified && document != null) {
      EvidenceEntity evidence = entities.find(EvidenceEntity.class, claim.resultId());
      if (evidence == null) {
        evidence = new EvidenceEntity();
        evidence.resultId = claim.resultId();
        evidence.document = document;
        results.flush(); // the row that the evidence refers to
        entities.persist(evidence);
      } else {
        evidence.document = document;
      }
    }
    return taken.anything();
  }

  private Settlement tighten(
      CertificateEntity certificate, Claim claim, boolean newlyRefuted, Instant now) {
    String id = certificate.experimentId;
    ResultEntity lower = results.bestLower(id).orElse(null);
    ResultEntity upper = results.bestUpper(id).orElse(null);
    if (lower != null && upper != null && value(lower) > value(upper)) {
      boolean isNew = keepContradiction(lower, upper, now);
      withdraw(certificate, now);
      return new Settlement.Settled(newlyRefuted, 0, isNew);
    }
    if (certificate.verdict == Verdict.REFUTED) {
      // It stays withdrawn, whatever becomes of the results that contradicted each other.
      return new Settlement.Settled(newlyRefuted, 0, false);
    }
    // Only what is strictly better replaces a bound, and with it what the bound rests on.
    boolean tighter = false;
    if (lower != null) {
      // p* is never negative; a lower claim below 0 proves no more than that.
      double value = Math.max(0, value(lower));
      if (certificate.lower == null || value > certificate.lower) {
        tighter = true;
        certificate.lower = value;
        certificate.lowerResult = lower.id;
        certificate.rung = value > 0 ? lower.rung : null;
      }
    }
    if (upper != null && (certificate.upper == null || value(upper) < certificate.upper)) {
      tighter = true;
      certificate.upper = value(upper);
      certificate.upperResult = upper.id;
    }
    results
        .bestTraining(id)
        .ifPresent(
            best -> {
              certificate.bestTraining = best.value;
              certificate.bestTrainingMethod = trainingMethod(best.method);
            });
    ResultEntity gated = results.findById(gated(id));
    certificate.estimateGated = gated == null ? null : gated.value;
    if (!tighter || certificate.lower == null || certificate.upper == null) {
      return new Settlement.Settled(newlyRefuted, 0, false);
    }
    certificate.ratio = ratio(certificate.lower, certificate.upper);
    certificate.verdict = Verdict.VERIFIED;
    certificate.version++;
    publish(certificate, certificate.lower, certificate.upper, claim, now);
    return new Settlement.Settled(newlyRefuted, certificate.version, false);
  }

  /** The version goes into the history and on its way to the broker, or neither does. */
  private void publish(
      CertificateEntity certificate, double lower, double upper, Claim claim, Instant now) {
    HistoryEntity version = new HistoryEntity();
    version.experimentId = certificate.experimentId;
    version.version = certificate.version;
    version.lower = lower;
    version.upper = upper;
    version.ratio = certificate.ratio;
    version.rung = certificate.rung;
    version.cause = claim.inWords();
    version.at = now;
    entities.persist(version);
    send(certificate, now);
  }

  private void send(CertificateEntity certificate, Instant now) {
    ExperimentEntity experiment = certificate.experiment;
    OutboxEntity letter = new OutboxEntity();
    letter.experimentId = certificate.experimentId;
    letter.version = certificate.version;
    letter.payload =
        MessageJson.write(
            new CertificateMessage(
                experiment.id,
                experiment.studyId,
                experiment.name,
                experiment.n,
                experiment.d,
                experiment.beta,
                certificate.lower,
                certificate.upper,
                certificate.ratio,
                certificate.rung,
                certificate.verdict,
                certificate.version,
                now));
    letter.createdAt = now;
    entities.persist(letter);
  }

  private boolean keepContradiction(ResultEntity lower, ResultEntity upper, Instant now) {
    ContradictionEntity.Key key =
        new ContradictionEntity.Key(lower.experimentId, lower.id, upper.id);
    if (entities.find(ContradictionEntity.class, key) != null) {
      return false;
    }
    ContradictionEntity row = new ContradictionEntity();
    row.experimentId = lower.experimentId;
    row.lowerResult = lower.id;
    row.upperResult = upper.id;
    row.lower = value(lower);
    row.upper = value(upper);
    row.lowerEvidence = evidence(lower);
    row.upperEvidence = evidence(upper);
    row.foundAt = now;
    entities.persist(row);
    return true;
  }

  /**
   * One of the bounds is wrong, and nobody knows which: none is shown any more, and whoever was
   * told of one is told that it does not hold.
   */
  private void withdraw(CertificateEntity certificate, Instant now) {
    boolean published = certificate.verdict == Verdict.VERIFIED;
    certificate.verdict = Verdict.REFUTED;
    certificate.lower = null;
    certificate.lowerResult = null;
    certificate.upper = null;
    certificate.upperResult = null;
    certificate.ratio = null;
    certificate.rung = null;
    certificate.bestTraining = null;
    certificate.bestTrainingMethod = null;
    if (published) {
      certificate.version++;
      send(certificate, now);
    }
  }

  private byte[] evidence(ResultEntity result) {
    EvidenceEntity evidence = entities.find(EvidenceEntity.class, result.id);
    return evidence == null ? new byte[0] : evidence.document;
  }

  private Instant now() {
    // The database keeps microseconds; what is sent is to say the same as what is stored.
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static double value(ResultEntity result) {
    return Objects.requireNonNull(result.value, "A verified result has a value.");
  }

  private static @Nullable Double ratio(double lower, double upper) {
    double ratio = upper / lower;
    return Double.isFinite(ratio) ? ratio : null;
  }

  private static String gated(String experimentId) {
    return new Claim.Run(
            experimentId, Source.RELAXATION, RelaxationMethod.GATED.jsonName(), null, null)
        .resultId(BoundKind.ESTIMATE);
  }

  private static TrainingMethod trainingMethod(String name) {
    return Arrays.stream(TrainingMethod.values())
        .filter(method -> method.jsonName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static RunPlan plan(ExperimentEntity experiment) {
    return MessageJson.read(experiment.plan.getBytes(StandardCharsets.UTF_8), RunPlan.class);
  }

  private static ExperimentEntity experiment(DatasetMessage message, Instant now) {
    ExperimentEntity row = new ExperimentEntity();
    row.id = message.experimentId();
    row.studyId = message.studyId();
    row.name = message.name();
    row.origin = json(message.origin());
    row.preprocessing = json(message.preprocessing());
    row.n = message.n();
    row.d = message.d();
    row.beta = message.beta();
    row.betaFraction = message.betaFraction();
    row.betaMax = message.betaMax();
    row.sha256 = message.sha256();
    row.plan = json(message.plan());
    row.plannedResults = message.plan().plannedResults();
    row.receivedAt = now;
    return row;
  }

  private static void requireSame(ExperimentEntity known, ExperimentEntity other) {
    if (!known.sha256.equals(other.sha256)
        || known.beta != other.beta
        || !Objects.equals(known.betaFraction, other.betaFraction)
        || known.betaMax != other.betaMax
        || !known.preprocessing.equals(other.preprocessing)
        || !known.plan.equals(other.plan)) {
      throw new InvalidMessageException(
          "The experiment "
              + known.id
              + " is known with data "
              + known.sha256
              + ", beta "
              + known.beta
              + ", a preparation and a plan of its own; this message has data "
              + other.sha256
              + ", beta "
              + other.beta
              + ", another preparation or another plan. Derive the id from what the message says.");
    }
  }

  private static String labelId(ExperimentEntity named) {
    return labelId(named.id, named.name, named.studyId, named.origin);
  }

  private static String labelId(ExperimentLabelEntity label) {
    return labelId(label.experimentId, label.name, label.studyId, label.origin);
  }

  private static String labelId(String id, String name, @Nullable String studyId, String origin) {
    return id + "/" + Sha256.hex(MessageJson.write(Arrays.asList(name, studyId, origin)));
  }

  private static String json(Object value) {
    return new String(MessageJson.write(value), StandardCharsets.UTF_8);
  }
}
