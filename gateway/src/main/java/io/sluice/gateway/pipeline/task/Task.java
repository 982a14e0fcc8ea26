package io.sluice.gateway.pipeline.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done with each document: a closed choice. */
public enum Task {
  SUMMARISE(3_000, 200, 512),
  EXTRACT(3_000, 200, 1_024),
  QUESTION(3_000, 200, 512),
  TRANSLATE(1_000, 0, 2_000),
  CLASSIFY(3_000, 0, 256),
  CUSTOM(3_000, 200, 1_024);

  private final int splitTokens;
  private final int overlap;
  private final int outputTokens;

  Task(int splitTokens, int overlap, int outputTokens) {
    this.splitTokens = splitTokens;
    this.overlap = overlap;
    this.outputTokens = outputTokens;
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(Task::wireName).toList();
  }

  public static Optional<Task> named(String name) {
    return Arrays.stream(values()).filter(task -> task.wireName().equals(name)).findFirst();
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tokens of a part unless said otherwise. */
  int splitTokens() {
    return splitTokens;
  }

  /** The tokens that parts share unless said otherwise; a translation has everything once. */
  int overlap() {
    return overlap;
  }

  /** The longest answer unless said otherwise, in tokens. */
  int outputTokens() {
    return outputTokens;
  }

  /** Whether the result may be given a schema: others have a form of their own. */
  boolean takesSchema() {
    return this == SUMMARISE || this == EXTRACT || this == CUSTOM;
  }
}
