package io.sluice.worker;

import java.util.Optional;

/** Joins arrays of JSON to one, without reading them. */
final class JsonArrays {
  private final StringBuilder elements = new StringBuilder();

  /**
   * @param array from its first bracket to its last, with nothing around it; not empty
   */
  void add(String array) {
    elements.append(elements.isEmpty() ? "" : ",").append(array, 1, array.length() - 1);
  }

  int length() {
    return elements.length();
  }

  void clear() {
    elements.setLength(0);
  }

  /** All of them; nothing where there was none. */
  Optional<String> joined() {
    return elements.isEmpty() ? Optional.empty() : Optional.of("[" + elements + "]");
  }
}
