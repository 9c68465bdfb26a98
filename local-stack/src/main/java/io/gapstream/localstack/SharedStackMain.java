package io.gapstream.localstack;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Runs the stack that calls share, until none of them uses it. It belongs to no call: whichever
 * started it may end first, or be killed.
 */
final class SharedStackMain {

  /** The exit code that says that another supervisor has the folder. */
  static final int ALREADY_RUNNING = 3;

  private static final Duration LOOK = Duration.ofSeconds(1);

  /**
   * A call that gives its share back stops the stack itself; this is for those that were killed.
   */
  private static final int LOOKS_WITHOUT_USERS = 2;

  private SharedStackMain() {}

  /**
   * Starts the stack and stays while it is used.
   *
   * @param args the folder of the stack
   */
  public static void main(String[] args) throws InterruptedException {
    SameEverywhere.set();
    // Whoever started this may be gone: then nobody reads, and writing does no harm.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(new Home(Path.of(args[0])), out, err));
  }

  private static int run(Home home, PrintStream out, PrintStream err) throws InterruptedException {
    try (Supervisor supervisor = Supervisor.startShared(home, out::println, Clock.systemUTC());
        FileChannel users = SharedStack.open(home)) {
      int without = 0;
      while (without < LOOKS_WITHOUT_USERS) {
        Thread.sleep(LOOK.toMillis());
        var alone = SharedStack.lockAlone(users);
        without = alone == null ? 0 : without + 1;
        if (alone != null && without < LOOKS_WITHOUT_USERS) {
          alone.release();
        }
      }
      // The lock stays until everything has stopped: who comes now waits, and starts anew.
      supervisor.close();
      return 0;
    } catch (AlreadyRunningException e) {
      return ALREADY_RUNNING;
    } catch (StackException e) {
      err.println(e.getMessage());
      return 1;
    } catch (IOException e) {
      err.println("Could not look who uses the stack: " + e.getMessage());
      return 1;
    }
  }
}
