package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.gateway.OffLoop;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.problem.OpenAiMembers;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * {@code POST /v1/responses}.
 *
 * @param stream shows the events of an accepted response to a client that may leave
 */
record ResponseSurface(
    ResponseAccess access,
    Previous previous,
    BiConsumer<RoutingContext, JobRecord> whole,
    BiConsumer<RoutingContext, JobRecord> stream)
    implements Surface {
  /** As much as the largest body: images count few tokens, and a chain adds up those of each. */
  private static final int HISTORY_CHARS_MAX = 8 * 1024 * 1024;

  private static final Set<JobState> ANSWERED = Set.of(JobState.COMPLETED, JobState.INCOMPLETE);

  @Override
  public String name() {
    return "openai.responses";
  }

  @Override
  public Future<Surface> before(RoutingContext http, JsonNode body) {
    JsonNode id = body.path("previous_response_id");
    if (id.isMissingNode() || id.isNull()) {
      return Future.succeededFuture(this);
    }
    return access
        .find(id.asText(), Caller.of(http))
        .map(ResponseSurface::answered)
        .compose(record -> OffLoop.of(http.vertx(), record.job(), () -> Previous.of(record)))
        .map(before -> new ResponseSurface(access, before, whole, stream));
  }

  @Override
  public int charsMore() {
    return previous.chars();
  }

  private static JobRecord answered(Optional<JobRecord> found) {
    JobRecord record =
        found.orElseThrow(
            () ->
                OpenAiMembers.refusal(
                    "previous_response_id",
                    "previous_response_not_found",
                    "There is no such response, or no longer."));
    if (!ANSWERED.contains(record.state())) {
      throw OpenAiMembers.refusal(
          "previous_response_id",
          "previous_response_not_completed",
          "It has no answer to go on from: it is " + ResponseView.status(record.state()) + ".");
    }
    if (record.job().request().length() > HISTORY_CHARS_MAX) {
      throw OpenAiMembers.refusal(
          "previous_response_id",
          "context_length_exceeded",
          "What was said before is too long to go on from. Begin anew, with what matters of it.");
    }
    return record;
  }

  @Override
  public Order read(JsonNode body) {
    ResponseRequest request = ResponseRequest.of(body, previous);
    Optional<String> kept = Optional.of(request.kept().json());
    if (request.kept().background()) {
      return new Order.Released(
          request.job(), kept, request.phrasing(), request.stream() ? stream : whole);
    }
    return request.stream()
        ? new Order.Streamed(request.job(), kept, request.phrasing(), ResponseVoice::new)
        : new Order.Whole(request.job(), kept, request.phrasing(), ResponseView::of);
  }
}
