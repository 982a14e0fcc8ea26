package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.held.Order;
import java.util.List;

/** What was read of a line: a closed choice. */
sealed interface Request {
  /** How the line is called in its answer, or nothing where it does not say so. */
  String customId();

  /**
   * One that can be run.
   *
   * @param model as the client wrote it
   * @param order the job, and how its end is told
   */
  record Good(String customId, String model, Order.Whole order) implements Request {
    ObjectNode job() {
      return order.job();
    }
  }

  /**
   * @param why everything that is wrong with it
   */
  record Bad(String customId, List<BatchError> why) implements Request {}
}
