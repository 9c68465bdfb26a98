package io.gapstream.results.store;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.Verdict;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Enums stand in the tables under the names that they have in messages. */
abstract class JsonNames<E extends Enum<E>>
    implements AttributeConverter<@Nullable E, @Nullable String> {

  private final Map<String, E> byName;
  private final Function<E, String> name;

  JsonNames(E[] values, Function<E, String> name) {
    this.byName = Arrays.stream(values).collect(Collectors.toMap(name, Function.identity()));
    this.name = name;
  }

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable E value) {
    return value == null ? null : name.apply(value);
  }

  @Override
  public @Nullable E convertToEntityAttribute(@Nullable String column) {
    if (column == null) {
      return null;
    }
    E value = byName.get(column);
    if (value == null) {
      throw new IllegalStateException(
          "The database holds '" + column + "'; known are " + byName.keySet() + ".");
    }
    return value;
  }

  /** {@link BoundKind} by its name in JSON. */
  @Converter(autoApply = true)
  static final class BoundKindConverter extends JsonNames<BoundKind> {
    BoundKindConverter() {
      super(BoundKind.values(), BoundKind::jsonName);
    }
  }

  /** {@link Rung} by its name in JSON. */
  @Converter(autoApply = true)
  static final class RungConverter extends JsonNames<Rung> {
    RungConverter() {
      super(Rung.values(), Rung::jsonName);
    }
  }

  /** {@link Source} by its name in JSON. */
  @Converter(autoApply = true)
  static final class SourceConverter extends JsonNames<Source> {
    SourceConverter() {
      super(Source.values(), Source::jsonName);
    }
  }

  /** {@link Status} by its name in JSON. */
  @Converter(autoApply = true)
  static final class StatusConverter extends JsonNames<Status> {
    StatusConverter() {
      super(Status.values(), Status::jsonName);
    }
  }

  /** {@link TrainingMethod} by its name in JSON. */
  @Converter(autoApply = true)
  static final class TrainingMethodConverter extends JsonNames<TrainingMethod> {
    TrainingMethodConverter() {
      super(TrainingMethod.values(), TrainingMethod::jsonName);
    }
  }

  /** {@link Verdict} by its name in JSON. */
  @Converter(autoApply = true)
  static final class VerdictConverter extends JsonNames<Verdict> {
    VerdictConverter() {
      super(Verdict.values(), Verdict::jsonName);
    }
  }
}
