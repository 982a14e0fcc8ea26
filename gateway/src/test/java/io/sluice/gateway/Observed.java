package io.sluice.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the gateway answered to any test, as method, route and status. */
final class Observed {
  private static final Set<String> ANSWERS = new ConcurrentSkipListSet<>();

  private Observed() {}

  static void add(String method, String path, int status) {
    ANSWERS.add(method + " " + route(path) + " " + status);
  }

  static Set<String> answers() {
    return Set.copyOf(ANSWERS);
  }

  private static String route(String path) {
    return path.replaceAll("\\?.*", "").replaceAll("^/v1/jobs/[^/]+", "/v1/jobs/{id}");
  }
}
