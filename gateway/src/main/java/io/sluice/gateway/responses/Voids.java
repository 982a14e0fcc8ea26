package io.sluice.gateway.responses;

import io.sluice.JobId;
import io.sluice.Position;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.stream.LogReader;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a log once for the numbers at which what came before became void, so that a reader who
 * comes late is not shown what is. Keeps nothing else of it.
 */
final class Voids {
  private static final int PAGE_EVENTS = 64;

  private final LogReader.Log log;
  private final JobId id;
  private final Numbering numbering;
  private final List<Long> numbers = new ArrayList<>();

  private Voids(LogReader.Log log, JobId id, Numbering numbering) {
    this.log = log;
    this.id = id;
    this.numbering = numbering;
  }

  /**
   * Completes on the caller's context.
   *
   * @param numbering one of its own, at its beginning
   */
  static Future<List<Long>> in(LogReader.Log log, JobId id, Numbering numbering) {
    Voids voids = new Voids(log, id, numbering);
    voids.note(voids.numbering.opening());
    return voids.after(Position.START);
  }

  private Future<List<Long>> after(Position position) {
    return OnContext.of(log.vertx(), log.events().read(id, position, PAGE_EVENTS))
        .compose(
            page -> {
              page.forEach(logged -> note(numbering.next(logged)));
              return page.isEmpty()
                  ? Future.succeededFuture(List.copyOf(numbers))
                  : after(page.getLast().position());
            });
  }

  private void note(List<Numbered> events) {
    events.stream()
        .filter(event -> event.part() instanceof Numbered.Part.Void)
        .forEach(event -> numbers.add(event.number()));
  }
}
