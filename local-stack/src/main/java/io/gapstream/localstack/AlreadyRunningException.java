package io.gapstream.localstack;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Another supervisor has the folder. */
public final class AlreadyRunningException extends StackException {

  @Serial private static final long serialVersionUID = 1L;

  AlreadyRunningException(Home home, @Nullable Long pid) {
    super(
        "A stack already runs in "
            + home.folder()
            + (pid == null ? "" : " (process " + pid + ")")
            + ". Use it, stop it with 'gap down', or set "
            + Home.VARIABLE
            + " to another folder.");
  }
}
