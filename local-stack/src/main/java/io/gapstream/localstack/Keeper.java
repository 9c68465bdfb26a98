package io.gapstream.localstack;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Starts one part, watches it and starts it again when it died, on a thread of its own. A part that
 * lives and does not answer is killed first. Nothing that goes wrong around it ends the watch: a
 * disk that is full today is not tomorrow.
 */
final class Keeper {

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Part part;
  private final IntSupplier port;
  private final Supplier<RunningPart> starter;
  private final Consumer<String> log;
  private final Runnable changed;
  private final Clock clock;
  private final Patience patience;
  private final Thread thread;
  private final CompletableFuture<Void> firstStart = new CompletableFuture<>();
  private final Object interrupting = new Object();

  /** Guarded by {@link #interrupting}: false once the orderly stop has begun. */
  private boolean interruptible = true;

  private volatile Life life = new Life.Waiting();
  private volatile int restarts;
  private volatile boolean stopping;

  /** {@link System#nanoTime} of the next question whether the part answers. */
  private long nextQuestion;

  /**
   * A keeper that has not begun.
   *
   * @param part what it keeps
   * @param port of the part, which may be another one after its first start
   * @param starter starts the part and returns when it answers
   * @param log takes one line for each event
   * @param changed called after every change of the life
   * @param clock tells the time
   * @param patience with a part that does not answer
   */
  Keeper(
      Part part,
      IntSupplier port,
      Supplier<RunningPart> starter,
      Consumer<String> log,
      Runnable changed,
      Clock clock,
      Patience patience) {
    this.part = part;
    this.port = port;
    this.starter = starter;
    this.log = log;
    this.changed = changed;
    this.clock = clock;
    this.patience = patience;
    this.thread = new Thread(this::run, "keeper-" + part.partName());
    this.thread.setDaemon(true);
  }

  Part part() {
    return part;
  }

  int port() {
    return port.getAsInt();
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
        try {
          step();
        } catch (RuntimeException e) {
          log.accept(part + ": the supervisor failed and goes on: " + e);
          Thread.sleep(AFTER_FAILURE.toMillis());
        }
      }
    } catch (InterruptedException e) {
      // Only stop() interrupts; what is left to do follows.
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
      if (!up.running().isAlive()) {
        rest(up, up.died(clock.instant()));
      } else if (System.nanoTime() - nextQuestion >= 0) {
        ask(up);
      } else {
        Thread.sleep(LOOK.toMillis());
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

  private void ask(Life.Up up) throws InterruptedException {
    boolean answered = answers(up.running());
    nextQuestion = System.nanoTime() + patience.interval().toNanos();
    if (answered) {
      if (up.missed() > 0) {
        log.accept(part + ": answers again");
        become(up.answeredAgain());
      }
      return;
    }
    if (!up.running().isAlive()) {
      return;
    }
    Life.Up silent = up.missedOne();
    become(silent);
    log.accept(
        part
            + ": process "
            + up.running().pid()
            + " does not answer, "
            + silent.missed()
            + " of "
            + patience.misses());
    if (silent.missed() >= patience.misses()) {
      up.running().kill();
      rest(silent, silent.killed(clock.instant()));
    }
  }

  /** Asks on another thread, which may be left behind: a question to a frozen part can hang. */
  private boolean answers(RunningPart running) throws InterruptedException {
    FutureTask<Boolean> question = new FutureTask<>(running::answers);
    Thread asking = new Thread(question, "probe-" + part.partName());
    asking.setDaemon(true);
    asking.start();
    try {
      return question.get(patience.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } finally {
      asking.interrupt();
    }
  }

  private void rest(Life.Up up, Life.Resting resting) {
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

  private void launch(Life.Starting starting) {
    become(starting);
    RunningPart running;
    try {
      running = starter.get();
    } catch (RuntimeException e) {
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
    nextQuestion = System.nanoTime() + patience.interval().toNanos();
    become(up);
    log.accept(
        part
            + ": ready on port "
            + port()
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
    } catch (RuntimeException e) {
      log.accept(part + ": " + e.getMessage());
    }
  }

  private void become(Life next) {
    life = next;
    try {
      changed.run();
    } catch (RuntimeException e) {
      // The life goes on, whoever cannot hear of it.
      log.accept(part + ": " + e.getMessage());
    }
  }
}
