package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code gap export} does with an answer, good or bad: here an HTTP server gives answers that
 * a service gives when it is asked at the wrong time, or breaks off. What the real service answers
 * is asked end to end.
 */
@Timeout(60)
final class ExportTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final byte[] CONTENT = {(byte) 0x93, 'N', 'U', 'M', 0, (byte) 0xff, '\r', '\n'};

  private HttpServer server;
  private int status = 200;
  private byte[] answer = CONTENT;
  private int announced = CONTENT.length;
  private String asked = "";
  private Path folder;

  ExportTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void startTheServer() {
    server.createContext(
        "/",
        exchange -> {
          asked = exchange.getRequestURI().toString();
          exchange.sendResponseHeaders(status, announced);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopTheServer() {
    server.stop(0);
  }

  @Test
  void writesTheFileAsItCameAndPrintsItsName() throws IOException {
    // Given
    Path file = folder.resolve("features.npy");
    // When
    Call call = export("X.npy", file);
    // Then
    assertThat(call).isEqualTo(new Call(0, file + System.lineSeparator(), ""));
    assertThat(asked).isEqualTo("/api/v1/certificates/" + ID + "/X.npy");
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(filesInTheFolder()).containsExactly("features.npy");
  }

  @Test
  void replacesTheFileThatALinkLeadsTo() throws IOException {
    // Given
    Path old = Files.writeString(folder.resolve("old.npy"), "longer than the new content");
    Path link = Files.createSymbolicLink(folder.resolve("link.npy"), old);
    // When
    Call call = export("y.npy", link);
    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(old).hasBinaryContent(CONTENT);
    assertThat(filesInTheFolder()).containsExactly("link.npy", "old.npy");
  }

  @Test
  void leavesTheFileAloneWhenThereIsNoSuchPart() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("network.onnx"), "of last week");
    status = 404;
    answer = "{\"detail\": \"There is no network.onnx yet.\"}".getBytes(StandardCharsets.UTF_8);
    announced = answer.length;
    // When
    Call call = export("network.onnx", file);
    // Then
    assertThat(call)
        .isEqualTo(new Call(3, "", "gap: There is no network.onnx yet." + System.lineSeparator()));
    assertThat(file).hasContent("of last week");
    assertThat(filesInTheFolder()).containsExactly("network.onnx");
  }

  @Test
  void leavesTheFileAloneWhenTheAnswerBreaksOff() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("network.npz"), "of last week");
    announced = CONTENT.length + 1;
    // When
    Call call = export("network.npz", file);
    // Then
    assertThat(call.exitCode()).isEqualTo(5);
    assertThat(file).hasContent("of last week");
    assertThat(filesInTheFolder()).containsExactly("network.npz");
  }

  @Test
  void refusesAFolderThatIsNotThereAndAsksNobody() {
    // Given
    Path file = folder.resolve("nowhere/X.npy");
    // When
    Call call = export("X.npy", file);
    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("--output " + file);
    assertThat(asked).isEmpty();
  }

  private Call export(String part, Path file) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Call.gap(
        Map.of("GAP_RESULTS_URL", url, "GAP_DATA_GENERATOR_URL", url),
        false,
        "export",
        ID,
        part,
        "-o",
        file.toString());
  }

  private List<String> filesInTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
