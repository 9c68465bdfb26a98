package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The launcher script decides when to build. Here it is the real script in a small project whose
 * {@code mvnw} notes each call and makes the files that a build makes, and whose Java says how it
 * was called: so a test can count builds and interrupt one, in a folder with a space in its name.
 */
@Timeout(60)
final class LauncherTest {

  private static final List<String> SERVICES =
      List.of("data-generator", "relaxation-service", "trainer-service", "results-service");

  private static final String BUILD =
      """
      #!/bin/sh
      echo built >>builds
      [ -f slow ] && sleep 2
      [ -f broken ] && { echo 'no such symbol'; exit 1; }
      for s in data-generator relaxation-service trainer-service results-service; do
        mkdir -p $s/target/quarkus-app && touch $s/target/quarkus-app/quarkus-run.jar
      done
      mkdir -p local-stack/target local-stack/broker/target/lib && touch local-stack/target/gap.jar
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      [ "$1" = -version ] && { echo 'openjdk version "VERSION"' >&2; exit 0; }
      [ "$1" = --add-modules ] && echo "WARNING: Using incubator modules: $2" >&2
      [ "$3" = -version ] && exit 0
      [ -f endless ] && {
        sleep 60 &
        trap "kill $!; exit 143" TERM
        echo $$ >solver
        wait
      }
      pwd
      echo "locale: ${LC_ALL:-} of ${LANG:-}"
      echo "options: $*"
      for a; do last=$a; done
      echo "last argument: $last"
      [ "$last" != solve ] || { printf 'no newline' >&2; exit 4; }
      """;

  private Path project = Path.of("");
  private Path elsewhere = Path.of("");

  @BeforeEach
  void makeProject(@TempDir Path folder) throws IOException {
    project = Files.createDirectories(folder.resolve("my project"));
    elsewhere = Files.createDirectories(folder.resolve("else where"));
    Files.copy(
        Path.of(System.getProperty("gapstream.root"), "gap"),
        project.resolve("gap"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    for (String module : SERVICES) {
      Files.createDirectories(project.resolve(module + "/src/main/java"));
      Files.writeString(project.resolve(module + "/pom.xml"), "<project/>");
      Files.writeString(project.resolve(module + "/src/main/java/A.java"), "class A {}");
    }
    Files.createDirectories(project.resolve("local-stack/broker"));
    Files.writeString(project.resolve("local-stack/broker/pom.xml"), "<project/>");
    executable(project.resolve("mvnw"), BUILD);
    java("17.0.15");
  }

  @Test
  void buildsOnceAndRunsInTheCallersFolder() throws Exception {
    // Given
    finish(gap("first"));

    // When
    Process second = gap("a file.csv");
    String out = finish(second);

    // Then
    assertThat(second.exitValue()).isZero();
    assertThat(out)
        .contains(elsewhere.toRealPath().toString())
        .contains("last argument: a file.csv");
    assertThat(builds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "C, C.UTF-8",
    "POSIX, C.UTF-8",
    "xx_XX.UTF-8, C.UTF-8", // not installed
    "C.UTF-8, C.UTF-8"
  })
  void readsNamesInEveryLanguageAlsoWhereTheLocaleIsPlain(String locale, String expected)
      throws Exception {
    // Given
    finish(gap("first"));

    // When
    Process second = gap("größe.csv", Map.of("LC_ALL", locale, "LANG", locale));
    String out = finish(second);

    // Then
    assertThat(out).contains("locale: " + expected + " of " + locale);
  }

  @Test
  void buildsAgainAfterAChangeAndAfterADeletion() throws Exception {
    // Given
    finish(gap("first"));
    Path source = project.resolve("trainer-service/src/main/java/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
    finish(gap("second"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
    finish(gap("third"));
    int before = builds();

    // When
    Files.delete(source);
    finish(gap("fourth"));

    // Then
    assertThat(before).isEqualTo(2);
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void buildsOnceForTwoCallsAtOnce() throws Exception {
    // Given
    Files.createFile(project.resolve("slow"));
    Process first = gap("first");

    // When
    Process second = gap("second");
    finish(first);
    finish(second);

    // Then
    assertThat(first.exitValue()).isZero();
    assertThat(second.exitValue()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainAfterAKilledBuild() throws Exception {
    // Given
    Files.createFile(project.resolve("slow"));
    Process killed = gap("first");
    for (int i = 0; i < 100 && builds() == 0; i++) {
      Thread.sleep(50);
    }
    killed.descendants().forEach(ProcessHandle::destroyForcibly);
    killed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    Files.delete(project.resolve("slow"));

    // When
    Process next = gap("second");
    String out = finish(next);

    // Then
    assertThat(next.exitValue()).isZero();
    assertThat(out).contains("last argument: second");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void showsTheEndOfTheLogOfAFailedBuildAndTriesAgain() throws Exception {
    // Given
    Files.createFile(project.resolve("broken"));

    // When
    Process failed = gap("first");
    String out = finish(failed);
    Files.delete(project.resolve("broken"));
    Process next = gap("second");
    finish(next);

    // Then
    assertThat(failed.exitValue()).isEqualTo(1);
    assertThat(out).contains("no such symbol").contains("The build failed");
    assertThat(next.exitValue()).isZero();
  }

  @Test
  void computesWithExplicitVectorsAndWithoutTheirWarning() throws Exception {
    // Given
    finish(gap("first"));

    // When
    Process solve = gap("solve");
    String out = finish(solve);

    // Then
    assertThat(solve.exitValue()).isEqualTo(4);
    assertThat(out).contains("options: --add-modules jdk.incubator.vector").contains("no newline");
    assertThat(out).doesNotContain("WARNING").doesNotContain("TieredStopAtLevel");
  }

  @Test
  void endsTheSolverWithItself() throws Exception {
    // Given
    finish(gap("first"));
    Files.createFile(elsewhere.resolve("endless"));
    Process solve = gap("solve");
    Path solver = elsewhere.resolve("solver");
    for (int i = 0; i < 200 && !(Files.exists(solver) && Files.size(solver) > 0); i++) {
      Thread.sleep(50);
    }

    // When
    solve.destroy();

    // Then
    assertThat(solve.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(solve.exitValue()).isEqualTo(143);
    long pid = Long.parseLong(Files.readString(solver).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void computesWithoutExplicitVectorsWhereJavaHasNone() throws Exception {
    // Given
    Path java = project.resolve("jdk/bin/java");
    Files.writeString(
        java,
        Files.readString(java)
            .replace("[ \"$3\" = -version ] && exit 0", "[ \"$3\" = -version ] && exit 1"));

    // When
    Process solve = gap("solve");
    String out = finish(solve);

    // Then
    assertThat(solve.exitValue()).isEqualTo(4);
    assertThat(out).contains("no newline").doesNotContain("--add-modules");
  }

  @Test
  void namesAJavaThatIsTooOld() throws Exception {
    // Given
    java("11.0.2");

    // When
    Process process = gap("status");
    String out = finish(process);

    // Then
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(out).contains("is version 11").contains("17 or newer");
    assertThat(builds()).isZero();
  }

  @Test
  void namesAJavaHomeWithoutJava() throws Exception {
    // Given
    Files.delete(project.resolve("jdk/bin/java"));

    // When
    Process process = gap("status");
    String out = finish(process);

    // Then
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(out).contains("JAVA_HOME is '" + project.resolve("jdk") + "'");
  }

  private Process gap(String argument) throws IOException {
    return gap(argument, Map.of());
  }

  private Process gap(String argument, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(project.resolve("gap").toString(), argument)
            .directory(elsewhere.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().putAll(Map.of("JAVA_HOME", project.resolve("jdk").toString()));
    return builder.start();
  }

  private static String finish(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return out;
  }

  private int builds() throws IOException {
    Path file = project.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private void java(String version) throws IOException {
    Path bin = Files.createDirectories(project.resolve("jdk/bin"));
    executable(bin.resolve("java"), JAVA.replace("VERSION", version));
    executable(bin.resolve("javac"), "#!/bin/sh\n");
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, content);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
