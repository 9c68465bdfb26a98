package io.gapstream.localstack;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs in the broker's own JVM: formats the data folder when it is new, then runs Kafka.
 * Formatting in the same JVM saves a second at every first start. Only the broker's jars are on the
 * class path there, so this class uses nothing of the project, and calls Kafka by name because its
 * classes are on no class path of ours.
 *
 * <p>Ends with the process that started it: a broker whose owner was killed is of use to nobody.
 */
final class BrokerMain {

  private static final Path DATA = Path.of("data");

  /** Written after the folder was formatted completely. */
  private static final Path FORMATTED = Path.of("formatted");

  private BrokerMain() {}

  /**
   * Runs a broker in the working directory.
   *
   * @param args the file of the broker's properties, and the id of its cluster
   */
  public static void main(String[] args) throws Exception {
    String properties = args[0];
    String clusterId = args[1];
    endWithParent();
    if (!Files.exists(FORMATTED)) {
      format(properties, clusterId);
    }
    Class.forName("kafka.Kafka")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {properties});
  }

  private static void format(String properties, String clusterId)
      throws IOException, ReflectiveOperationException {
    // A folder without the mark never served: whatever it holds is half of a formatting.
    if (Files.exists(DATA)) {
      try (Stream<Path> files = Files.walk(DATA)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
    try {
      Object status =
          Class.forName("kafka.tools.StorageTool")
              .getMethod("execute", String[].class, PrintStream.class)
              .invoke(null, new String[] {"format", "-t", clusterId, "-c", properties}, System.out);
      if (!Integer.valueOf(0).equals(status)) {
        throw new IOException("Formatting the broker's folder gave status " + status);
      }
    } catch (InvocationTargetException e) {
      throw new IOException("Formatting the broker's folder failed", e.getCause());
    }
    Files.write(FORMATTED, List.of(clusterId));
  }

  private static void endWithParent() {
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
  }
}
