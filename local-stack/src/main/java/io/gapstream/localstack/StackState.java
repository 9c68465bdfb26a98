package io.gapstream.localstack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.MessageJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor writes down about its stack, and what {@code gap status --json} prints.
 *
 * @param state {@code starting}, {@code up}, {@code degraded}, {@code stopping} or {@code down}
 * @param home the folder of the stack
 * @param pid the supervisor's process id; absent when it is down
 * @param startedAt when the supervisor started; absent when it is down
 * @param dashboard where to look; absent when it is down
 * @param parts in starting order; when it is down, those that a killed supervisor left running
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StackState(
    String state,
    String home,
    @Nullable Long pid,
    @Nullable Instant startedAt,
    @Nullable String dashboard,
    List<PartState> parts) {

  static final String UP = "up";

  static final String STARTING = "starting";
  static final String DEGRADED = "degraded";
  static final String STOPPING = "stopping";
  static final String DOWN = "down";
  private static final String LEFT = "left";

  /**
   * A part.
   *
   * @param name of the part
   * @param state {@code waiting}, {@code starting}, {@code up}, {@code hung} (it lives and does not
   *     answer), {@code restarting}, {@code down} or {@code left} (it lives, its supervisor does
   *     not)
   * @param pid its process id, while it is up or left
   * @param port it listens on, on 127.0.0.1
   * @param url where it is reached
   * @param since when it first answered, while it is up
   * @param restarts how many times it was started after the first time
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PartState(
      String name,
      String state,
      @Nullable Long pid,
      int port,
      String url,
      @Nullable Instant since,
      int restarts) {}

  /** Copies the parts. */
  public StackState {
    parts = List.copyOf(parts);
  }

  /** Whether every part answers. */
  @JsonIgnore
  public boolean isUp() {
    return state.equals(UP);
  }

  /** Whether requests make sense: every part answered once, and one may be on its way back. */
  public boolean answers() {
    return state.equals(UP) || state.equals(DEGRADED);
  }

  /** Whether there is no supervisor. */
  @JsonIgnore
  public boolean isDown() {
    return state.equals(DOWN);
  }

  /** Where results-service answers. */
  public Optional<URI> results() {
    return url(Part.RESULTS_SERVICE);
  }

  /** Where data-generator answers. */
  public Optional<URI> generator() {
    return url(Part.DATA_GENERATOR);
  }

  private Optional<URI> url(Part part) {
    return parts.stream()
        .filter(p -> p.name().equals(part.partName()))
        .map(p -> URI.create(p.url()))
        .findFirst();
  }

  /** The state of the stack of this folder, checked against the processes that really run. */
  public static StackState read(Home home) {
    StackState down = new StackState(DOWN, home.folder().toString(), null, null, null, List.of());
    Optional<ProcessHandle> supervisor = Supervisor.find(home);
    if (supervisor.isEmpty()) {
      return new StackState(DOWN, down.home(), null, null, null, left(home));
    }
    try {
      StackState written = MessageJson.read(Files.readAllBytes(home.stateFile()), StackState.class);
      Long pid = written.pid();
      return pid != null && pid == supervisor.get().pid() ? written.withoutTheDead() : down;
    } catch (IOException | InvalidMessageException e) {
      // It has taken the folder and has not written yet.
      return new StackState(
          STARTING,
          home.folder().toString(),
          supervisor.get().pid(),
          supervisor.get().info().startInstant().orElse(null),
          null,
          List.of());
    }
  }

  /** The parts that live although their supervisor was killed. */
  private static List<PartState> left(Home home) {
    try {
      StackState written = MessageJson.read(Files.readAllBytes(home.stateFile()), StackState.class);
      return written.parts().stream()
          .filter(part -> part.pid() != null && isOf(home, part.pid()))
          .map(
              part ->
                  new PartState(
                      part.name(),
                      LEFT,
                      part.pid(),
                      part.port(),
                      part.url(),
                      part.since(),
                      part.restarts()))
          .toList();
    } catch (IOException | InvalidMessageException e) {
      return List.of(); // it was stopped in order, or has written nothing yet
    }
  }

  /** Process ids are used again; a part's process has the folder in its command line. */
  private static boolean isOf(Home home, long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().commandLine())
        .filter(line -> line.contains(home.folder().toAbsolutePath().toString()))
        .isPresent();
  }

  /**
   * What is written may be behind: a part whose process is gone is not up, and the supervisor has
   * not said so yet.
   */
  private StackState withoutTheDead() {
    List<PartState> known =
        parts.stream()
            .map(
                part ->
                    part.pid() == null
                            || ProcessHandle.of(part.pid())
                                .filter(ProcessHandle::isAlive)
                                .isPresent()
                        ? part
                        : new PartState(
                            part.name(),
                            DOWN,
                            null,
                            part.port(),
                            part.url(),
                            null,
                            part.restarts()))
            .toList();
    return new StackState(
        state.equals(UP) && !known.equals(parts) ? DEGRADED : state,
        home,
        pid,
        startedAt,
        dashboard,
        known);
  }

  void write(Home home) {
    Path file = home.stateFile();
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.write(next, MessageJson.write(this));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException("Could not write " + file + ": " + e.getMessage(), e);
    }
  }
}
