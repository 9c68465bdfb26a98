package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what the documents say against the code, the build and each other. */
class DocumentsTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(documents::add);
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    // When
    List<String> links =
        LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)).toList();

    // Then
    for (String link : links) {
      if (!link.startsWith("https://")) {
        assertThat(document.resolveSibling(link)).as("%s in %s", link, document).exists();
      }
    }
  }

  @Test
  void theArchitectureNamesEveryModuleWithWhatItDependsOn() throws IOException {
    // Given
    TreeMap<String, Set<String>> documented = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].matches(" `[a-z/-]+` ")) {
        documented.put(names(cells[1]).first(), names(cells[3]));
      }
    }

    // When
    TreeMap<String, Set<String>> built = new TreeMap<>();
    for (String module : texts("<module>([^<]+)</module>", ROOT.resolve("pom.xml"))) {
      built.put(module, dependencies(ROOT.resolve(module).resolve("pom.xml")));
    }

    // Then
    // The end-to-end tests may use any module, and the document says no more than that.
    documented.remove("end-to-end");
    built.remove("end-to-end");
    assertThat(documented).isEqualTo(built);
  }

  /** Modules of the project that this one has on its own classpath; tests and poms apart. */
  private static Set<String> dependencies(Path pom) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String dependency : texts("<dependency>(.*?)</dependency>", pom)) {
      if (dependency.contains("<groupId>io.gapstream</groupId>")
          && !dependency.contains("<scope>test</scope>")
          && !dependency.contains("<type>pom</type>")) {
        names.addAll(texts("<artifactId>gapstream-([^<]+)</artifactId>", dependency));
      }
    }
    return names;
  }

  @Test
  void theArchitectureListsEveryDecision() throws IOException {
    // When
    Set<String> decisions = new TreeSet<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
      files.forEach(file -> decisions.add("docs/adr/" + file.getFileName()));
    }

    // Then
    assertThat(decisions).isNotEmpty();
    assertThat(Files.readString(ROOT.resolve("ARCHITECTURE.md")))
        .contains(decisions.stream().map(decision -> "](" + decision + ")").toList());
  }

  @Test
  void theNotationNamesWhatIsThere() throws IOException {
    // When
    List<MatchResult> names =
        Pattern.compile("`([A-Z][A-Za-z]+)(?:[.]([a-zA-Z]+)\\(\\))?`")
            .matcher(Files.readString(ROOT.resolve("docs/notation.md")))
            .results()
            .filter(name -> name.group(1).length() > 1)
            .toList();

    // Then
    assertThat(names).hasSizeGreaterThan(10);
    for (MatchResult name : names) {
      String source = source(name.group(1) + ".java");
      if (name.group(2) != null) {
        assertThat(source).as(name.group()).containsPattern("[ \\]]" + name.group(2) + "[(,)]");
      }
    }
  }

  private static String source(String file) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("numerics/src/main/java"))) {
      Path found =
          files
              .filter(path -> path.endsWith(file))
              .findFirst()
              .orElseThrow(() -> new AssertionError("numerics has no " + file));
      return Files.readString(found);
    }
  }

  @Test
  void theMessagesPageNamesTopicsHeadersStatusesAndLimits() throws IOException {
    // Given
    String page = Files.readString(ROOT.resolve("docs/messages.md"));
    List<String> expected = new ArrayList<>();

    // When
    for (Topic<?> topic : Topic.ALL) {
      expected.add("| `" + topic.topicName() + "` | `" + topic.eventType() + "` |");
    }
    expected.add("`" + Topic.DATASETS.deadLetterTopic("relaxation-service") + "`");
    ProgressMessage message =
        new ProgressMessage(
            "0".repeat(32),
            "trainer-service",
            "adam",
            ProgressMessage.Phase.STARTED,
            1,
            null,
            null,
            0);
    CloudEvents.write(Topic.PROGRESS, message, "trainer-service", Instant.EPOCH)
        .headers()
        .keySet()
        .forEach(header -> expected.add("| `" + header + "` |"));
    for (Status status : Status.values()) {
      expected.add("| `" + status + "` |");
    }
    for (long limit :
        new long[] {
          Topic.MAX_RECORD_BYTES,
          Limits.MAX_VALUES,
          Limits.MAX_ROWS,
          Limits.MAX_COLUMNS,
          Limits.MAX_NETWORK_VALUES,
          Limits.MAX_PATTERN_BITS,
          Limits.MAX_CURVE_POINTS,
          Limits.MAX_MEASURES
        }) {
      expected.add("| " + limit + " |");
    }

    // Then
    assertThat(page).contains(expected);
  }

  private static TreeSet<String> names(String cell) {
    return new TreeSet<>(texts("`([^`]+)`", cell));
  }

  private static List<String> texts(String pattern, Path file) throws IOException {
    return texts(pattern, Files.readString(file));
  }

  private static List<String> texts(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
