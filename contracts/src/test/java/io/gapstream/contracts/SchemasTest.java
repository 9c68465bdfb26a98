package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records and schemas are written by hand, apart from each other; here each is held against the
 * other.
 */
class SchemasTest {

  private static final List<String> FILES =
      List.of("parts", "dataset", "relaxation", "training", "certificate", "progress");

  static Stream<Class<?>> records() {
    return Stream.of(
        DatasetMessage.class,
        Origin.class,
        Generator.class,
        Preprocessing.class,
        RunPlan.class,
        RelaxationPlan.class,
        TrainingPlan.class,
        RelaxationMessage.class,
        LowerEvidence.class,
        Witness.ConeTree.class,
        Witness.Quartic.class,
        Witness.Pairs.class,
        Witness.Quadratic.class,
        Witness.Triangle.class,
        NetworkWeights.class,
        TrainingMessage.class,
        Curve.class,
        CertificateMessage.class,
        ProgressMessage.class,
        Environment.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyComponentHasAPropertyOfItsTypeAndTheOtherWayRound(Class<?> type) {
    // Given
    JsonNode schema = schemaOf(type);
    List<String> names = new ArrayList<>();
    List<String> required = new ArrayList<>();
    if (Witness.class.isAssignableFrom(type)) {
      names.add("rung");
      required.add("rung");
    }

    // When
    for (RecordComponent component : type.getRecordComponents()) {
      String name = jsonName(component);
      names.add(name);
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        required.add(name);
      }
      assertThat(typeOf(schema.at("/properties").path(name)))
          .as("%s.%s", type.getSimpleName(), name)
          .isIn(jsonTypes(component.getType()));
    }

    // Then
    assertThat(fields(schema.at("/properties"))).containsExactlyElementsOf(names);
    assertThat(texts(schema.at("/required"))).containsExactlyElementsOf(required);
  }

  @Test
  void everyRecordThatAMessageHoldsIsLookedAt() {
    // Given
    Set<String> known = new TreeSet<>();
    records().forEach(type -> known.add(type.getName()));

    // When
    Set<String> held = new TreeSet<>();
    Topic.ALL.forEach(topic -> collect(topic.messageClass(), held));
    held.add(Witness.ConeTree.class.getName());
    held.add(Witness.Quartic.class.getName());
    held.add(Witness.Pairs.class.getName());
    held.add(Witness.Quadratic.class.getName());
    held.add(Witness.Triangle.class.getName());

    // Then
    assertThat(known).isEqualTo(held);
    assertThat(Witness.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            Witness.ConeTree.class,
            Witness.Quartic.class,
            Witness.Pairs.class,
            Witness.Quadratic.class,
            Witness.Triangle.class);
  }

  private static void collect(Class<?> type, Set<String> held) {
    held.add(type.getName());
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getType().isRecord()) {
        collect(component.getType(), held);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "parts,      /$defs/Status",
    "parts,      /$defs/BoundKind",
    "parts,      /$defs/Rung",
    "parts,      /$defs/RelaxationMethod",
    "parts,      /$defs/TrainingMethod",
  })
  void sharedEnumsNameEveryConstant(String file, String pointer) throws Exception {
    // Given
    Class<?> type =
        Class.forName("io.gapstream.contracts." + pointer.substring(pointer.lastIndexOf('/') + 1));

    // Then
    assertThat(texts(file(file).at(pointer + "/enum"))).containsExactlyElementsOf(names(type));
  }

  @Test
  void enumsOfOneMessageNameEveryConstant() {
    assertThat(texts(file("dataset").at("/$defs/Generator/properties/labels/enum")))
        .containsExactlyElementsOf(names(Labels.class));
    assertThat(texts(file("dataset").at("/$defs/TrainingPlan/properties/precision/enum")))
        .containsExactlyElementsOf(names(TrainingPrecision.class));
    assertThat(texts(file("dataset").at("/$defs/Origin/properties/kind/enum")))
        .containsExactlyElementsOf(names(Origin.Kind.class));
    assertThat(texts(file("progress").at("/properties/phase/enum")))
        .containsExactlyElementsOf(names(ProgressMessage.Phase.class));
    assertThat(texts(file("certificate").at("/properties/verdict/enum")))
        .containsExactly(Verdict.VERIFIED.jsonName(), Verdict.REFUTED.jsonName());
  }

  @ParameterizedTest
  @MethodSource("enums")
  void enumsAreWrittenAsTheyAreSpoken(Class<? extends Enum<?>> type) throws Exception {
    for (Enum<?> constant : type.getEnumConstants()) {
      assertThat(type.getMethod("jsonName").invoke(constant)).isEqualTo(name(type, constant));
      assertThat(constant).hasToString(name(type, constant));
    }
  }

  static Stream<Class<? extends Enum<?>>> enums() {
    return Stream.of(
        Status.class,
        BoundKind.class,
        Rung.class,
        RelaxationMethod.class,
        TrainingMethod.class,
        TrainingPrecision.class,
        Verdict.class,
        Labels.class);
  }

  @Test
  void limitsAreThoseOfTheRecords() {
    for (String file : List.of("dataset", "certificate")) {
      assertThat(file(file).at("/properties/n/maximum").asLong()).isEqualTo(Limits.MAX_ROWS);
      assertThat(file(file).at("/properties/d/maximum").asLong()).isEqualTo(Limits.MAX_COLUMNS);
    }
    JsonNode defs = file("dataset").at("/$defs");
    assertThat(defs.at("/Generator/properties/n/maximum").asLong()).isEqualTo(Limits.MAX_ROWS);
    assertThat(defs.at("/Generator/properties/d/maximum").asLong()).isEqualTo(Limits.MAX_COLUMNS);
    for (String plan : List.of("RelaxationPlan", "TrainingPlan")) {
      assertThat(defs.at("/" + plan + "/properties/budgetSeconds/maximum").asDouble())
          .isEqualTo(Limits.MAX_BUDGET_SECONDS);
    }
    assertThat(file("relaxation").at("/properties/measures/maxProperties").asInt())
        .isEqualTo(Limits.MAX_MEASURES);
    assertThat(file("dataset").path("description").asText()).contains("" + Limits.MAX_VALUES);
    assertThat(defs.at("/RelaxationPlan/properties/patterns/description").asText())
        .contains("" + Limits.MAX_PATTERN_BITS);
    assertThat(file("parts").at("/$defs/NetworkWeights/description").asText())
        .contains("" + Limits.MAX_NETWORK_VALUES);
    assertThat(file("training").at("/$defs/Curve/description").asText())
        .contains("" + Limits.MAX_CURVE_POINTS);
  }

  @Test
  void schemasAreSchemas() {
    // Given
    var metaSchema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    for (String file : FILES) {
      assertThat(
              metaSchema.validate(
                  new String(Golden.resource(file + ".v1.schema.json"), StandardCharsets.UTF_8),
                  InputFormat.JSON))
          .as(file)
          .isEmpty();
      assertThat(metaSchema.validate("{\"type\": 3}", InputFormat.JSON)).isNotEmpty();
    }
  }

  private static JsonNode file(String name) {
    return Golden.parse(Golden.resource(name + ".v1.schema.json"));
  }

  /** The schema that is named after the record: a file's root or one of its definitions. */
  private static JsonNode schemaOf(Class<?> type) {
    if (Message.class.isAssignableFrom(type)) {
      return file(type.getSimpleName().replace("Message", "").toLowerCase(java.util.Locale.ROOT));
    }
    List<JsonNode> found =
        FILES.stream()
            .map(file -> file(file).at("/$defs/" + type.getSimpleName()))
            .filter(node -> !node.isMissingNode())
            .toList();
    assertThat(found).as(type.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  private static String jsonName(RecordComponent component) {
    JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property == null ? component.getName() : property.value();
  }

  /** The name of the definition that a property refers to, or its type. */
  private static String typeOf(JsonNode property) {
    if (property.has("$ref")) {
      String ref = property.path("$ref").asText();
      return ref.substring(ref.lastIndexOf('/') + 1);
    }
    return property.has("type") ? property.path("type").asText() : "string";
  }

  private static List<String> jsonTypes(Class<?> type) {
    if (type == int.class || type == long.class || type == Integer.class) {
      return List.of("integer");
    }
    if (type == double.class || type == Double.class) {
      return List.of("number");
    }
    if (type == boolean.class || type == Boolean.class) {
      return List.of("boolean");
    }
    if (type == String.class) {
      return List.of("Text", "Reason", "ExperimentId", "Sha256");
    }
    if (type == NumericArray.class) {
      return List.of("Vector", "Matrix");
    }
    if (type == List.class) {
      return List.of("array");
    }
    if (type == Map.class) {
      return List.of("object");
    }
    if (type.isEnum()) {
      return List.of(type.getSimpleName(), "string");
    }
    return List.of(type.getSimpleName(), "string");
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> name(type, (Enum<?>) constant))
        .toList();
  }

  private static String name(Class<?> type, Enum<?> constant) {
    try {
      return type.getField(constant.name()).getAnnotation(JsonProperty.class).value();
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    for (Iterator<String> field = object.fieldNames(); field.hasNext(); ) {
      names.add(field.next());
    }
    return names;
  }
}
