package io.gapstream.results.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

  private static final long RECORDED = 1_700_000_000_000L;

  @Test
  void isThatOfTheHeader() {
    // When
    Instant time = EventTime.of(record("2026-01-02T03:04:05.000006Z", RECORDED));
    // Then
    assertThat(time).isEqualTo(Instant.parse("2026-01-02T03:04:05.000006Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "1700000000",
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59Z"
      })
  void isThatOfTheRecordWhereTheHeaderHoldsNoTime(String header) {
    // When
    Instant time = EventTime.of(record(header, RECORDED));
    // Then
    assertThat(time).isEqualTo(Instant.ofEpochMilli(RECORDED));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
  void staysWithinTheCalendarWhateverTheRecordSays(long recorded) {
    // When
    Instant time = EventTime.of(record("", recorded));
    // Then
    assertThat(time).isBetween(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"));
  }

  private static ConsumerRecord<String, byte[]> record(String time, long recorded) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_time", time.getBytes(StandardCharsets.UTF_8));
    return new ConsumerRecord<>(
        "topic",
        0,
        0,
        recorded,
        TimestampType.CREATE_TIME,
        0,
        0,
        "",
        new byte[0],
        headers,
        Optional.empty());
  }
}
