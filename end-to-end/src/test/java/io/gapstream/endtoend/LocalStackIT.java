package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gapstream.localstack.Home;
import io.gapstream.localstack.StackState;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line and the stack that it runs, in processes of their own, where things go wrong:
 * frozen parts, killed calls, a place where nothing can be written. The operating system says which
 * processes live.
 */
@Timeout(300)
final class LocalStackIT {

  private static final Duration PATIENCE = RunningStack.PATIENCE;

  private static final String ROOT =
      Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root");

  @Test
  void sharesAStackBetweenCallsAndStopsItWithTheLastEvenIfTheFirstIsKilled(@TempDir Path folder)
      throws Exception {
    // Given: three at once, in a locale and a time zone that others do not have
    Home home = new Home(folder.resolve("home"));
    Path killedOut = folder.resolve("killed");
    Process killed = certify(home, "60s", killedOut);
    await().atMost(PATIENCE).until(() -> !StackState.read(home).isDown());
    List<Process> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(certify(home, i + 1 + "s", folder.resolve("call" + i)));
    }
    await().atMost(PATIENCE).until(() -> StackState.read(home).answers());
    StackState shared = StackState.read(home);
    List<Long> pids = shared.parts().stream().map(StackState.PartState::pid).toList();

    // When
    killed.destroyForcibly();

    // Then
    for (int i = 0; i < 3; i++) {
      String said = "call " + i;
      assertThat(calls.get(i).waitFor(120, TimeUnit.SECONDS)).as(said).isTrue();
      String out = Files.readString(folder.resolve("call" + i));
      assertThat(calls.get(i).exitValue()).as(said + ": " + out).isZero();
      assertThat(out).contains("\"verdict\" : \"verified\"");
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> StackState.read(home).isDown());
    assertThat(pids).isNotEmpty().noneMatch(LocalStackIT::lives);
    assertThat(lives(Objects.requireNonNull(shared.pid()))).isFalse();
  }

  @Test
  void restartsAFrozenServiceAndGoesOnWhileItsStateCannotBeWritten(@TempDir Path folder)
      throws Exception {
    // Given
    Home home = new Home(folder);
    try (RunningStack stack = RunningStack.start(folder)) {
      StackState.PartState before = stack.part("relaxation-service");
      Path inTheWay = folder.resolve("run/stack.json.next/x");
      Files.createDirectories(inTheWay);

      // When
      kill("-STOP", Objects.requireNonNull(before.pid()));
      kill("-KILL", Objects.requireNonNull(stack.part("kafka").pid()));

      // Then
      await().atMost(PATIENCE).until(() -> stack.part("relaxation-service").state().equals("hung"));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  stack.part("relaxation-service").state().equals("up")
                      && stack.part("relaxation-service").restarts() == 1
                      && stack.part("kafka").state().equals("up")
                      && stack.part("kafka").restarts() == 1);
      assertThat(lives(before.pid())).isFalse();
      assertThat(StackState.read(home).isUp()).as("what could not be written").isFalse();

      // When
      Files.delete(inTheWay);
      Files.delete(inTheWay.getParent());

      // Then
      await().atMost(Duration.ofSeconds(10)).until(() -> StackState.read(home).isUp());

      // When: it is frozen again, and everything is to stop
      kill("-STOP", Objects.requireNonNull(stack.part("relaxation-service").pid()));
      kill("-STOP", Objects.requireNonNull(stack.part("kafka").pid()));
      long start = System.nanoTime();
      stack.close();

      // Then
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void takesOtherPortsWhereThoseAreTaken(@TempDir Path folder) throws Exception {
    // Given: one default port taken, and two stacks that want the others
    try (ServerSocket taken = bindOrNothing(8082)) {
      assertThat(taken.isClosed()).isFalse();
      List<Process> calls = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        calls.add(certify(new Home(folder.resolve("home" + i)), "2s", folder.resolve("out" + i)));
      }

      // When
      // Then
      for (int i = 0; i < 2; i++) {
        assertThat(calls.get(i).waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(calls.get(i).exitValue())
            .as(Files.readString(folder.resolve("out" + i)))
            .isZero();
      }
    }
  }

  /** Port 8082 if nobody has it: else it is taken already. */
  private static ServerSocket bindOrNothing(int port) throws IOException {
    try {
      return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      return new ServerSocket(0);
    }
  }

  private static Process certify(Home home, String budget, Path out) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dgapstream.root=" + ROOT,
                "-Dslf4j.internal.verbosity=ERROR",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.gapstream.localstack.cli.Gap",
                "certify",
                Path.of(ROOT, "examples/iris.csv").toString(),
                "--target",
                "species",
                "--budget",
                budget,
                "--json")
            .directory(new File(ROOT))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(Map.of(Home.VARIABLE, home.folder().toString(), "TZ", "IST"));
    return builder.start();
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void kill(String signal, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("/bin/sh", "-c", "kill " + signal + " " + pid).start();
    assertThat(kill.waitFor())
        .as(new String(kill.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }
}
