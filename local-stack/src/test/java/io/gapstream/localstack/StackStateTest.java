package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.MessageJson;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The oracle is docs/cli.md: the names of the JSON fields are written out here by hand. The process
 * that stands for a supervisor is a real one.
 */
final class StackStateTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void hasTheDocumentedFields() {
    // Given
    StackState state = up(new Home(Path.of("home")), 1);

    // When
    JsonNode json = MessageJson.read(MessageJson.write(state), JsonNode.class);

    // Then
    assertThat(names(json))
        .containsExactly("state", "home", "pid", "startedAt", "dashboard", "parts");
    assertThat(names(json.path("parts").path(0)))
        .containsExactly("name", "state", "pid", "port", "url", "since", "restarts");
    assertThat(names(json.path("parts").path(1)))
        .containsExactly("name", "state", "port", "url", "restarts");
    assertThat(json.path("startedAt").textValue()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void believesWhatALivingSupervisorWrote(@TempDir Path folder) {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    ProcessRecord.write(home.run().resolve("supervisor.pid"), ProcessHandle.current());
    up(home, ProcessHandle.current().pid()).write(home);

    // When
    StackState read = StackState.read(home);

    // Then
    assertThat(read.isUp()).isTrue();
    assertThat(read.results()).contains(URI.create("http://127.0.0.1:8080"));
  }

  @Test
  void saysOfADeadPartThatItIsDownWhateverIsWritten(@TempDir Path folder) throws Exception {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    ProcessRecord.write(home.run().resolve("supervisor.pid"), ProcessHandle.current());
    Process dead = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    dead.waitFor();
    new StackState(
            "up",
            home.folder().toString(),
            ProcessHandle.current().pid(),
            AT,
            "http://127.0.0.1:8080/",
            List.of(
                new StackState.PartState("kafka", "up", dead.pid(), 9092, "127.0.0.1:9092", AT, 0)))
        .write(home);

    // When
    StackState read = StackState.read(home);

    // Then
    assertThat(read.state()).isEqualTo("degraded");
    assertThat(read.parts().get(0).state()).isEqualTo("down");
    assertThat(read.parts().get(0).pid()).isNull();
  }

  @Test
  void namesThePartsThatAKilledSupervisorLeft(@TempDir Path folder) throws Exception {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    Process left =
        new ProcessBuilder("/bin/sh", "-c", "sleep 60; :", home.folder().toString()).start();
    try {
      Process anothers = new ProcessBuilder("/bin/sh", "-c", "sleep 60; :").start();
      new StackState(
              "up",
              home.folder().toString(),
              1L,
              AT,
              "http://127.0.0.1:8080/",
              List.of(
                  new StackState.PartState(
                      "kafka", "up", left.pid(), 9092, "127.0.0.1:9092", AT, 0),
                  new StackState.PartState(
                      "postgresql", "up", anothers.pid(), 5432, "127.0.0.1:5432", AT, 0)))
          .write(home);

      // When
      StackState read = StackState.read(home);

      // Then
      assertThat(read.state()).isEqualTo("down");
      assertThat(read.parts()).extracting(StackState.PartState::name).containsExactly("kafka");
      assertThat(read.parts().get(0).state()).isEqualTo("left");
      anothers.destroyForcibly();
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  void doesNotBelieveWhatADeadSupervisorWrote(@TempDir Path folder) throws Exception {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    Process dead = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    dead.waitFor();
    Files.writeString(
        home.run().resolve("supervisor.pid"),
        "pid=%d%nowner=%d%nownerStartedAt=%s%n".formatted(dead.pid(), dead.pid(), AT));
    up(home, dead.pid()).write(home);

    // When
    StackState read = StackState.read(home);

    // Then
    assertThat(read.isDown()).isTrue();
    assertThat(read.parts()).isEmpty();
  }

  private static StackState up(Home home, long pid) {
    return new StackState(
        "up",
        home.folder().toString(),
        pid,
        AT,
        "http://127.0.0.1:8080/",
        List.of(
            new StackState.PartState(
                "results-service",
                "up",
                ProcessHandle.current().pid(),
                8080,
                "http://127.0.0.1:8080",
                AT,
                0),
            new StackState.PartState(
                "data-generator", "restarting", null, 8081, "http://127.0.0.1:8081", null, 2)));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
