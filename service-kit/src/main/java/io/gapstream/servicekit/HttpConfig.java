package io.gapstream.servicekit;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who may speak to a service over HTTP; the same keys for all services. */
@ConfigMapping(prefix = "gapstream.http")
public interface HttpConfig {

  /**
   * Names by which the service is reached, each with or without a port, beside localhost,
   * 127.0.0.1, [::1] and the address on which a connection comes in. None: a name that is not known
   * here may be that of a page whose owner had it point to this machine.
   */
  Optional<List<String>> allowedHosts();

  /**
   * Origins of pages that may use the service, for example {@code https://lab.example.org}, beside
   * its own. None: whoever opens a page did not agree to what it sends.
   */
  Optional<List<String>> allowedOrigins();
}
