package io.gapstream.servicekit;

import io.netty.util.NetUtil;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything that a service serves, and lets in who means this service. The services
 * ask nobody who they are, so a page in somebody's browser must not be able to use them:
 *
 * <ul>
 *   <li>{@code Host} must be a name of this service, so that a page cannot have its own name point
 *       to this machine;
 *   <li>{@code Origin}, which a browser sends along with what a page asks for, must be that of this
 *       service or one that is allowed;
 *   <li>a body must say what it is and come as it is.
 * </ul>
 *
 * <p>A request without {@code Origin} does not come from a page, or only looks at it: nothing here
 * changes by a GET.
 */
@Singleton
final class HttpGuard {

  /** Before every other filter; the framework's have a few hundred. */
  private static final int PRIORITY = 10_000;

  /** Bytes of a request's target; a longer one is hardly meant. */
  private static final int MOST_URI = 65_536;

  /** 421 of RFC 9110, which JAX-RS does not know. */
  private static final int MISDIRECTED = 421;

  private static final int MOST_SHOWN = 100;

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[^\\]]*)?]|[^\\s:/?#@\\[\\]]+)(?::[0-9]{0,5})?");

  private static final Pattern ORIGIN = Pattern.compile("https?://([^/?#@]+)");

  private final Set<String> hosts;
  private final Set<String> origins;
  private final EarlyRefusal refusal;

  HttpGuard(HttpConfig config, EarlyRefusal refusal) {
    this.hosts = lowerCase(config.allowedHosts().orElse(List.of()));
    this.origins = lowerCase(config.allowedOrigins().orElse(List.of()));
    this.refusal = refusal;
  }

  private static Set<String> lowerCase(List<String> values) {
    return values.stream()
        .map(value -> value.strip().toLowerCase(Locale.ROOT))
        .filter(value -> !value.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext context) {
    Problem problem = problem(context.request());
    if (problem == null) {
      context.next();
      return;
    }
    if (problem.status() == Status.UNSUPPORTED_MEDIA_TYPE.getStatusCode()) {
      context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    }
    refusal.end(context, problem);
  }

  private @Nullable Problem problem(HttpServerRequest request) {
    List<String> hostLines = request.headers().getAll(HttpHeaders.HOST);
    String host =
        request.version() == HttpVersion.HTTP_2
            ? String.valueOf(request.authority())
            : hostLines.size() == 1 ? hostLines.get(0) : null;
    if (host == null) {
      return Problem.of(
          Status.BAD_REQUEST,
          "The request has "
              + hostLines.size()
              + " headers Host; send one, for example Host: localhost.");
    }
    if (!isHere(host, request.localAddress())) {
      return new Problem(
          "about:blank",
          "Misdirected Request",
          MISDIRECTED,
          "Host is '"
              + shown(host)
              + "', which is no name of this service; use localhost, or add the name to"
              + " GAPSTREAM_HTTP_ALLOWED_HOSTS.",
          Map.of());
    }
    for (String origin : request.headers().getAll(HttpHeaders.ORIGIN)) {
      if (!isAllowed(origin, host)) {
        return Problem.of(
            Status.FORBIDDEN,
            "Origin is '"
                + shown(origin)
                + "': pages from there may not use this service; if they are to, add it to"
                + " GAPSTREAM_HTTP_ALLOWED_ORIGINS.");
      }
    }
    if (request.uri().length() > MOST_URI) {
      return Problem.of(
          Status.REQUEST_URI_TOO_LONG,
          "The address has "
              + request.uri().length()
              + " characters; at most "
              + MOST_URI
              + " are taken. Send long values in the body.");
    }
    return hasBody(request) ? bodyProblem(request) : null;
  }

  private static @Nullable Problem bodyProblem(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || type.isBlank()) {
      return Problem.of(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "The body has no Content-Type; say what it is, with curl for example by -H 'Content-Type:"
              + " text/csv' for a CSV file or 'Content-Type: application/json' for JSON.");
    }
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
      return Problem.of(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "Content-Encoding is '"
              + shown(encoding)
              + "'; bodies are taken as they are: decompress it first and leave the header out.");
    }
    return null;
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length == null
            ? request.version() == HttpVersion.HTTP_2 && !request.isEnded()
            : !length.strip().equals("0"));
  }

  private boolean isHere(String host, @Nullable SocketAddress local) {
    String given = host.strip().toLowerCase(Locale.ROOT);
    Matcher parts = HOST.matcher(given);
    if (!parts.matches()) {
      return false;
    }
    String name = parts.group(1);
    return name.equals("localhost")
        || name.equals("127.0.0.1")
        || name.equals("[::1]")
        || hosts.contains(name)
        || hosts.contains(given)
        || isAddress(name, local);
  }

  private static boolean isAddress(String name, @Nullable SocketAddress local) {
    String address = local == null ? null : local.hostAddress();
    byte[] named = NetUtil.createByteArrayFromIpAddressString(name);
    return named != null
        && address != null
        && Arrays.equals(named, NetUtil.createByteArrayFromIpAddressString(address));
  }

  private boolean isAllowed(String origin, String host) {
    String given = origin.strip().toLowerCase(Locale.ROOT);
    Matcher parts = ORIGIN.matcher(given);
    return origins.contains(given)
        || (parts.matches() && parts.group(1).equals(host.strip().toLowerCase(Locale.ROOT)));
  }

  private static String shown(String value) {
    String plain = value.replaceAll("\\p{C}", "?");
    return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
  }
}
