package io.sluice.cli.settings;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The environment's variables that begin with SLUICE_: a misspelt one must not pass in silence. */
final class Environment {
  private Environment() {}

  /** One problem for each variable that means nothing here. */
  static List<String> unknown(Map<String, String> environment) {
    Set<String> known =
        Declared.all().map(declared -> declared.setting().variable()).collect(Collectors.toSet());
    return environment.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("SLUICE_"))
        .filter(entry -> !known.contains(entry.getKey()))
        .filter(entry -> !fromElsewhere(entry.getKey(), entry.getValue()))
        .map(entry -> entry.getKey() + ": there is no such setting")
        .sorted()
        .toList();
  }

  /**
   * The value of a variable, empty if it is not set. Kubernetes sets SLUICE_PORT to an address
   * where a service is named sluice: nobody's setting.
   */
  static String value(Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "");
    return value.startsWith("tcp://") ? "" : value;
  }

  /** Tests' own, and what Kubernetes makes of a service named sluice. */
  private static boolean fromElsewhere(String name, String value) {
    return name.startsWith("SLUICE_TEST_")
        || name.startsWith("SLUICE_SERVICE_")
        || name.startsWith("SLUICE_PORT_")
        || value.startsWith("tcp://");
  }
}
