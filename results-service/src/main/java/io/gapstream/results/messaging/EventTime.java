package io.gapstream.results.messaging;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** When an event came about. */
final class EventTime {

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private EventTime() {}

  /**
   * The time in the header {@code ce_time}; that of the record where the header is missing or is no
   * time that a calendar or the database holds. Never before 1970.
   */
  static Instant of(ConsumerRecord<String, byte[]> record) {
    Header header = record.headers().lastHeader("ce_time");
    if (header != null && header.value() != null) {
      try {
        Instant time = Instant.parse(new String(header.value(), StandardCharsets.UTF_8));
        if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LATEST)) {
          return time;
        }
      } catch (DateTimeException e) {
        // The record's own time will do: only the choice of a label hangs on it.
      }
    }
    long millis = Math.min(Math.max(0, record.timestamp()), LATEST.toEpochMilli());
    return Instant.ofEpochMilli(millis);
  }
}
