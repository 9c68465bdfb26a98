package io.gapstream.localstack;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Starts one part, watches it and starts it again when it died, on a thread of its own. */
final class Keeper {

  private static final Duration LOOK = Duration.ofMillis(250);

  private final Part part;
  private final int port;
  private final Supplier<RunningPart> starter;
  private final Consumer<String> log;
  private final Runnable changed;
  private final Clock clock;
  private final Thread thread;
  private final CompletableFuture<Void> firstStart = new CompletableFuture<>();
  private final Object interrupting = new Object();

  /** Guarded by {@link #interrupting}: false once the orderly stop has begun. */
  private boolean interruptible = true;

  private volatile Life life = new Life.Waiting();
  private volatile int restarts;
  private volatile boolean stopping;

  /**
   * A keeper that has not begun.
   *
   * @param part what it keeps
   * @param port of the part
   * @param starter starts the part and returns when it answers
   * @param log takes one line for each event
   * @param changed called after every change of the life
   * @param clock tells the time
   */
  Keeper(
      Part part,
      int port,
      Supplier<RunningPart> starter,
      Consumer<String> log,
      Runnable changed,
      Clock clock) {
    this.part = part;
    this.port = port;
    this.starter = starter;
    this.log = log;
    this.changed = changed;
    this.clock = clock;
    this.thread = new Thread(this::run, "keeper-" + part.partName());
    this.thread.setDaemon(true);
  }

  Part part() {
    return part;
  }

  int port() {
    return port;
  }

  Life life() {
    return life;
  }

  /** How many times it was started after the first time. */
  int restarts() {
    return restarts;
  }

  /** Begins; the future completes when the part answers, and fails if its first start fails. */
  CompletableFuture<Void> begin() {
    thread.start();
    return firstStart;
  }

  /** Stops the part in order, in whatever state it is, and waits for it. */
  void stop() {
    synchronized (interrupting) {
      stopping = true;
      if (interruptible) {
        thread.interrupt();
      }
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        step();
      }
    } catch (InterruptedException e) {
      // Only stop() interrupts; what is left to do follows.
    } catch (RuntimeException e) {
      firstStart.completeExceptionally(e);
      log.accept(part + ": the supervisor failed: " + e);
    }
    // The orderly stop must not be cut short, neither by an interrupt that came nor by one to come.
    synchronized (interrupting) {
      interruptible = false;
      boolean unused = Thread.interrupted();
    }
    if (life instanceof Life.Up up) {
      close(up.running());
      log.accept(part + ": stopped");
    }
    become(new Life.Waiting());
    firstStart.completeExceptionally(new StackException(part + " was stopped while it started."));
  }

  private void step() throws InterruptedException {
    Life now = life;
    if (now instanceof Life.Waiting waiting) {
      launch(waiting.start(clock.instant()));
    } else if (now instanceof Life.Up up) {
      if (up.running().isAlive()) {
        Thread.sleep(LOOK.toMillis());
      } else {
        Life.Resting resting = up.died(clock.instant());
        log.accept(
            part
                + ": "
                + resting.reason()
                + " Restart at "
                + resting.until()
                + ", try "
                + resting.failures());
        become(resting);
        close(up.running());
      }
    } else if (now instanceof Life.Resting resting) {
      long millis = Duration.between(clock.instant(), resting.until()).toMillis();
      if (millis > 0) {
        Thread.sleep(millis);
      }
      restarts++;
      launch(resting.start(clock.instant()));
    } else {
      throw new IllegalStateException("Part " + part + " cannot be left in state " + now);
    }
  }

  private void launch(Life.Starting starting) {
    become(starting);
    RunningPart running;
    try {
      running = starter.get();
    } catch (StackException e) {
      Life.Resting resting = starting.failed(String.valueOf(e.getMessage()), clock.instant());
      become(resting);
      if (!firstStart.isDone()) {
        // The first time there is somebody to tell, and no reason to hope.
        stopping = true;
        firstStart.completeExceptionally(e);
      } else if (!stopping) {
        log.accept(part + ": did not start: " + e.getMessage());
      }
      return;
    }
    Life.Up up = starting.answered(running, clock.instant());
    become(up);
    log.accept(
        part
            + ": ready on port "
            + port
            + " after "
            + Duration.between(starting.since(), up.since()).toMillis()
            + " ms (process "
            + running.pid()
            + ")");
    firstStart.complete(null);
  }

  private void close(RunningPart running) {
    try {
      running.close();
    } catch (StackException e) {
      log.accept(part + ": " + e.getMessage());
    }
  }

  private void become(Life next) {
    life = next;
    changed.run();
  }
}
