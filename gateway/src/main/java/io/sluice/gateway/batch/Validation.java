package io.sluice.gateway.batch;

import io.sluice.gateway.batch.LineIndex.Place;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Goes through an input file once, from its beginning to its end, and finds either where its
 * requests are or everything that is wrong with it. Used once, by one thread.
 */
final class Validation {
  private final RequestReader requests;
  private final int linesMax;
  private final IntPredicate wanted;
  private final CustomIds ids = new CustomIds();
  private final BatchErrors errors = new BatchErrors();
  private final RunOrder order = new RunOrder();
  private String model = "";
  private boolean severalModels;
  private int seen;

  /**
   * @param wanted which lines are to be run, by their numbers
   */
  Validation(RequestReader requests, int linesMax, IntPredicate wanted) {
    this.requests = requests;
    this.linesMax = linesMax;
    this.wanted = wanted;
  }

  /** What was found: a closed choice. */
  sealed interface Found {
    record Good(LineIndex index) implements Found {}

    record Bad(BatchErrors errors) implements Found {}
  }

  /**
   * Reads to the end.
   *
   * @throws InterruptedException if nobody wants to know any longer
   */
  Found read(LineReader lines) throws InterruptedException {
    for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (wanted.test(line.get().number()) && !add(line.get())) {
        break;
      }
    }
    if (seen == 0) {
      errors.add(
          BatchError.ofFile("empty_file", "The input file is empty: it needs one line at least."));
    }
    return errors.any()
        ? new Found.Bad(errors)
        : new Found.Good(new LineIndex(severalModels ? "" : model, order.places()));
  }

  /** False if there are too many. */
  private boolean add(InputLine line) {
    if (++seen > linesMax) {
      String most = "A batch may have " + linesMax + " requests at most.";
      errors.add(BatchError.ofFile("too_many_tasks", most));
      return false;
    }
    Request request = requests.read(line);
    if (!request.customId().isEmpty() && !ids.add(request.customId())) {
      String twice = "A line before it has the same name: every line needs one of its own.";
      errors.add(BatchError.ofField(line.number(), "duplicate_custom_id", twice, "custom_id"));
    }
    switch (request) {
      case Request.Bad bad -> errors.addAll(bad.why());
      case Request.Good good -> add(line, good);
    }
    return true;
  }

  private void add(InputLine line, Request.Good request) {
    severalModels |= order.size() > 0 && !request.model().equals(model);
    model = request.model();
    Place place = new Place(order.size(), line.number(), line.offset(), line.bytes());
    order.add(place, request.model(), request.job());
  }
}
