package io.sluice.embedded;

import static io.sluice.JobHistory.FIRST_STEPS;
import static io.sluice.JobHistory.STEPS_MAX;

import io.sluice.Step;
import io.sluice.codec.StepCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The text of a history, which grows by a line at a time and never beyond its bound. */
final class Steps {
  private Steps() {}

  static String with(String before, Step step) {
    long count = before.chars().filter(c -> c == '\n').count();
    return (count < STEPS_MAX ? before : shortened(before)) + StepCodec.write(step);
  }

  /** Of a long history the middle is left out; one line says how much. */
  private static String shortened(String text) {
    List<Step> steps = new ArrayList<>(StepCodec.read(text));
    Step first = steps.get(FIRST_STEPS);
    int gone = first instanceof Step.LeftOut(Instant at, int before) ? before : 1;
    steps.set(FIRST_STEPS, new Step.LeftOut(first.at(), gone + 1));
    steps.remove(FIRST_STEPS + 1);
    StringBuilder shorter = new StringBuilder();
    steps.forEach(step -> shorter.append(StepCodec.write(step)));
    return shorter.toString();
  }
}
