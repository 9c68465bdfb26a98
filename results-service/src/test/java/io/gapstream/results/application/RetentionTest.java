package io.gapstream.results.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.gapstream.results.store.KeptClaims;
import io.gapstream.results.store.KeptClaims.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of claims as they came, by number, size and age, in the real tables. */
@QuarkusTest
@WithTestResource(Servers.class)
class RetentionTest {

  @Inject KeptClaims kept;
  @Inject Intake intake;
  @Inject Tables tables;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Sample sample = Sample.named("retention " + UUID.randomUUID());

  @BeforeEach
  void forgetWhatOtherTestsLeft() throws Exception {
    tables.update("delete from pending_claim");
    tables.update("delete from refuted_claim");
    intake.dataset(sample.dataset());
  }

  @Test
  void dropsTheOldestWhenAllTogetherAreTooMany() throws Exception {
    for (Kind kind : Kind.values()) {
      // Given
      for (int age = 1; age <= 5; age++) {
        insert(kind, age + " hours", 10);
      }
      // When
      Retention retention = retention(Map.of("count", "3"));
      QuarkusTransaction.requiringNew().run(() -> retention.makeRoom(kind));
      // Then
      assertThat(ages(kind)).containsExactly("1", "2", "3");
      assertThat(dropped(kind)).isEqualTo(2);
    }
  }

  @Test
  void dropsTheOldestWhenAllTogetherAreTooLarge() throws Exception {
    for (Kind kind : Kind.values()) {
      // Given
      for (int age = 1; age <= 5; age++) {
        insert(kind, age + " hours", 1000);
      }
      // When
      Retention retention = retention(Map.of("bytes", "2500"));
      QuarkusTransaction.requiringNew().run(() -> retention.makeRoom(kind));
      // Then
      assertThat(ages(kind)).containsExactly("1", "2");
    }
  }

  @Test
  void dropsWhatIsTooOld() throws Exception {
    for (Kind kind : Kind.values()) {
      // Given
      insert(kind, "1 hours", 10);
      insert(kind, "10 hours", 10);
      // When
      retention(Map.of("retention", "2h")).sweep();
      // Then
      assertThat(ages(kind)).containsExactly("1");
    }
  }

  @Test
  void keepsClaimsThatWaitForAsLongAsTheirDatasetMayCome() throws Exception {
    // Given
    insert(Kind.PENDING, "160 hours", 10);
    // When
    retention(Map.of()).sweep();
    // Then
    assertThat(ages(Kind.PENDING)).containsExactly("160");
  }

  @Test
  void leavesTheSweepToOneReplicaAtATime() throws Exception {
    // Given
    insert(Kind.REFUTED, "1000 hours", 10);
    // When
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              assertThat(kept.lockSweep()).isTrue();
              retention(Map.of()).sweep();
            });
    // Then
    assertThat(ages(Kind.REFUTED)).hasSize(1);
    retention(Map.of()).sweep();
    assertThat(ages(Kind.REFUTED)).isEmpty();
  }

  @Test
  void givesNoExperimentMoreThanItsShare() throws Exception {
    for (Kind kind : Kind.values()) {
      // Given
      insert(kind, "1 hours", 1000);
      insert(kind, "2 hours", 1000);
      // When
      boolean byCount = hasRoom(retention(Map.of("count-per-experiment", "2")), kind, 1);
      boolean bySize = hasRoom(retention(Map.of("bytes-per-experiment", "2500")), kind, 501);
      boolean within =
          hasRoom(
              retention(Map.of("count-per-experiment", "3", "bytes-per-experiment", "2500")),
              kind,
              500);
      // Then
      assertThat(List.of(byCount, bySize, within)).containsExactly(false, false, true);
      assertThat(dropped(kind)).isEqualTo(2);
    }
  }

  @Test
  void keepsAtMostItsShareOfRefutedClaimsAndStillRaisesTheAlarm() throws Exception {
    // Given
    for (int claim = 1; claim <= 105; claim++) {
      RelaxationMessage untrue = sample.lower(claim, 1000 + claim, sample.triangle(1));
      // When
      intake.relaxation(untrue, MessageJson.write(untrue));
    }
    // Then
    assertThat(tables.query("select 1 from refuted_claim where experiment_id = ?", sample.id()))
        .hasSize(100);
  }

  @Test
  void refusesAClaimThatFindsNoRoomToWaitIn() throws Exception {
    // Given
    Sample absent = Sample.named("retention of the absent " + UUID.randomUUID());
    tables.update(
        "insert into pending_claim select encode(sha256(convert_to(? || i, 'UTF8')), 'hex'), ?, ?,"
            + " '\\x00', now() from generate_series(1, 10000) i",
        absent.id(),
        absent.id(),
        Topic.RELAXATIONS.topicName());
    RelaxationMessage more = absent.lower(1, 1);
    // Then
    assertThatThrownBy(() -> intake.relaxation(more, MessageJson.write(more)))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContainingAll(absent.id(), "send this one again");
  }

  private boolean hasRoom(Retention retention, Kind kind, long bytes) {
    return QuarkusTransaction.requiringNew()
        .call(() -> retention.hasRoom(kind, sample.id(), bytes));
  }

  private Retention retention(Map<String, String> settings) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(ResultsConfig.class);
    builder.withConverter(MemorySize.class, 100, new MemorySizeConverter());
    builder.withConverter(Duration.class, 100, new DurationConverter());
    settings.forEach(
        (name, value) -> {
          builder.withDefaultValue("gapstream.results.pending." + name, value);
          builder.withDefaultValue("gapstream.results.refuted." + name, value);
        });
    return new Retention(
        kept, builder.build().getConfigMapping(ResultsConfig.class), Clock.systemUTC(), registry);
  }

  private double dropped(Kind kind) {
    return registry
        .get("gapstream.claims.dropped")
        .tag("kind", kind == Kind.PENDING ? "pending" : "refuted")
        .counter()
        .count();
  }

  private void insert(Kind kind, String age, int bytes) throws Exception {
    byte[] payload = new byte[bytes];
    byte[] unique = (kind + UUID.randomUUID().toString()).getBytes(StandardCharsets.UTF_8);
    if (kind == Kind.PENDING) {
      tables.update(
          "insert into pending_claim values (?, ?, ?, ?, now() - cast(? as interval))",
          Sha256.hex(unique),
          sample.id(),
          Topic.RELAXATIONS.topicName(),
          payload,
          age);
    } else {
      tables.update(
          "insert into refuted_claim (payload_sha256, experiment_id, topic, payload, refuted_at,"
              + " reason) values (?, ?, ?, ?, now() - cast(? as interval), 'untrue')",
          Sha256.hex(unique),
          sample.id(),
          Topic.RELAXATIONS.topicName(),
          payload,
          age);
    }
  }

  /** Hours, the newest first. */
  private List<String> ages(Kind kind) throws Exception {
    String time = kind == Kind.PENDING ? "received_at" : "refuted_at";
    String table = kind == Kind.PENDING ? "pending_claim" : "refuted_claim";
    return tables.query(
        "select cast(extract(epoch from now() - %s) / 3600 as integer) from %s order by %s desc"
            .formatted(time, table, time));
  }
}
