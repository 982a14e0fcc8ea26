package io.sluice.gateway.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.Step;
import io.sluice.codec.Json;
import io.sluice.gateway.JobView;
import io.sluice.gateway.explain.Openings.Opening;
import io.sluice.gateway.explain.Phase.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What held a job, phase by phase, without a gap: the lengths add up to its life. The clocks of
 * gateway and store may differ, so a phase never begins before the one ahead of it.
 */
public final class Explanation {
  /** Phases that are told even where they took no time. */
  private static final Set<Kind> TOLD = EnumSet.of(Kind.ANSWERED, Kind.RAN, Kind.ENDED);

  private final JobRecord record;
  private final List<Phase> phases;
  private final boolean complete;
  private final List<Step.WebhookTried> tries;

  private Explanation(
      JobRecord record, List<Phase> phases, boolean complete, List<Step.WebhookTried> tries) {
    this.record = record;
    this.phases = phases;
    this.complete = complete;
    this.tries = tries;
  }

  /**
   * @param now when it is looked at, for a job that has not ended
   */
  public static Explanation of(JobRecord record, List<Step> steps, Instant now) {
    List<Opening> openings = Openings.of(record, steps);
    boolean ended = record.state().isTerminal();
    Instant end = ended ? record.endedAt().orElse(now) : now;
    boolean complete =
        !steps.isEmpty()
            && steps.stream()
                .noneMatch(step -> step instanceof Step.Restored || step instanceof Step.LeftOut);
    return new Explanation(record, phases(openings, ended, end), complete, tries(steps));
  }

  private static List<Step.WebhookTried> tries(List<Step> steps) {
    return steps.stream()
        .filter(Step.WebhookTried.class::isInstance)
        .map(Step.WebhookTried.class::cast)
        .toList();
  }

  private static List<Phase> phases(List<Opening> openings, boolean ended, Instant end) {
    List<Phase> phases = new ArrayList<>();
    Instant from = openings.getFirst().at();
    for (int i = 0; i < openings.size(); i++) {
      Opening it = openings.get(i);
      boolean last = i == openings.size() - 1;
      Instant next = last ? end : openings.get(i + 1).at();
      Instant until = clamped(next, from, end);
      boolean open = last && !ended;
      if (until.isAfter(from) || TOLD.contains(it.kind()) || open) {
        phases.add(phase(it, from, until, open));
      }
      from = until;
    }
    return phases;
  }

  private static Phase phase(Opening it, Instant from, Instant until, boolean open) {
    return new Phase(
        it.kind(),
        from,
        open ? Optional.empty() : Optional.of(until),
        until,
        it.attempt(),
        it.worker(),
        it.code(),
        it.detail());
  }

  private static Instant clamped(Instant at, Instant earliest, Instant latest) {
    Instant early = at.isAfter(latest) ? latest : at;
    return early.isBefore(earliest) ? earliest : early;
  }

  List<Phase> phases() {
    return phases;
  }

  Duration total() {
    return phases.isEmpty()
        ? Duration.ZERO
        : Duration.between(phases.getFirst().from(), phases.getLast().seen());
  }

  /** Every field is always there; what is not known is null. */
  public ObjectNode view() {
    Job job = record.job();
    ObjectNode json = Json.object();
    json.put("id", job.id().value());
    json.put("object", "job.explanation");
    json.put("state", record.state().wireName());
    json.put("class", job.jobClass().wireName());
    json.put("pool", job.pool().toString());
    json.put("attempt", record.attempt());
    json.put("summary", Summary.of(record, this));
    json.put("history_complete", complete);
    json.put("total_seconds", seconds(total()));
    ArrayNode steps = json.putArray("steps");
    phases.forEach(phase -> steps.add(view(phase)));
    json.set("webhook", webhook());
    return json;
  }

  /** Its webhook, and the tries to tell it; null for a job whose end is told nowhere. */
  private JsonNode webhook() {
    JsonNode view = JobView.webhook(record);
    if (view instanceof ObjectNode known) {
      ArrayNode list = known.putArray("tries");
      tries.forEach(
          it ->
              list.addObject()
                  .put("at", it.at().toString())
                  .put("attempt", it.attempt())
                  .put("status", it.status().orElse(null))
                  .put("problem", it.problem().orElse(null)));
    }
    return view;
  }

  private static ObjectNode view(Phase phase) {
    ObjectNode json = Json.object();
    json.put("step", phase.kind().wireName());
    json.put("at", phase.from().toString());
    json.put("until", phase.until().map(Instant::toString).orElse(null));
    json.put("seconds", seconds(phase.length()));
    json.put("attempt", phase.attempt().orElse(null));
    json.put("worker", phase.worker().orElse(null));
    json.put("code", phase.code().orElse(null));
    json.put("detail", phase.detail());
    return json;
  }

  private static BigDecimal seconds(Duration length) {
    return BigDecimal.valueOf(length.toMillis(), 3);
  }
}
