package io.gapstream.localstack;

import java.util.Locale;
import java.util.TimeZone;

/** What must not depend on where a process of the command line runs. */
public final class SameEverywhere {

  private SameEverywhere() {}

  /**
   * Takes English rules for upper and lower case, numbers and messages, and UTC. Under Turkish
   * rules libraries do not find their own names, and PostgreSQL refuses a client whose time zone it
   * does not know; Java knows dozens of those. To be called first in {@code main}.
   */
  public static void set() {
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
  }
}
