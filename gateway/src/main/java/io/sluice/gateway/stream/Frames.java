package io.sluice.gateway.stream;

import io.sluice.Forecast;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.codec.EventCodec;
import io.sluice.codec.Json;
import io.sluice.gateway.JobView;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.waiting.QueueView;
import java.util.Optional;

/** Events as the lines of an event stream. */
final class Frames {
  /** How soon a browser comes back after a cut. */
  static final String RETRY = "retry: 1000\n\n";

  static final String COMMENT = ":\n\n";

  static final String OLD = ": this stream has reached its longest life; come back\n\n";

  private Frames() {}

  static void append(StringBuilder out, LoggedEvent logged) {
    JobEvent event = logged.event();
    append(out, logged.position(), EventCodec.type(event), EventCodec.data(event));
  }

  static String end(Position position, JobRecord record) {
    StringBuilder out = new StringBuilder();
    append(out, position, "end", Json.write(JobView.of(record)));
    return out.toString();
  }

  /** Where the job stands; without an id, since it is of this moment and this reader. */
  static String queue(Forecast forecast) {
    return "event: queue\ndata: " + Json.write(QueueView.of(Optional.of(forecast))) + "\n\n";
  }

  /** Why a reader is sent away; without an id, so that its position stays. */
  static String error(Problem why) {
    return "event: error\ndata: " + oneLine(why.json()) + "\n\n";
  }

  private static void append(StringBuilder out, Position position, String type, String data) {
    out.append("id: ").append(position);
    out.append("\nevent: ").append(type);
    out.append("\ndata: ").append(oneLine(data));
    out.append("\n\n");
  }

  /** White space between JSON tokens may hold line ends, which would cut the frame. */
  private static String oneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }
}
