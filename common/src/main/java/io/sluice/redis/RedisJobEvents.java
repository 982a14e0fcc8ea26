package io.sluice.redis;

import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.codec.EventCodec;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A job's log as a stream whose ids are the positions. */
final class RedisJobEvents implements JobEvents {
  private static final int BYTES_PER_PAGE = 1024 * 1024;

  private final Scripts redis;
  private final Wakes wakes;

  RedisJobEvents(Scripts redis, Wakes wakes) {
    this.redis = redis;
    this.wakes = wakes;
  }

  @Override
  public Future<Append> append(Leases.Lease lease, long firstSeq, List<JobEvent> events) {
    List<Object> arguments = new ArrayList<>(3 + 2 * events.size());
    arguments.addAll(List.of(lease.id().value(), lease.fence(), firstSeq));
    for (JobEvent event : events) {
      arguments.add(EventCodec.type(event));
      arguments.add(EventCodec.data(event));
    }
    return redis
        .call(Script.APPEND, arguments.toArray())
        .map(reply -> Append.valueOf(reply.text(0).toUpperCase(Locale.ROOT)));
  }

  @Override
  public Future<List<LoggedEvent>> read(JobId id, Position after, int limit) {
    String from = after.fence() + "-" + after.seq();
    return redis
        .call(Script.READ, id.value(), from, limit, BYTES_PER_PAGE)
        .compose(
            reply -> {
              List<LoggedEvent> known = events(reply);
              // A page of nothing but what a newer program wrote is not the end of the log.
              return known.isEmpty() && !reply.isEmpty()
                  ? read(id, position(reply.text(reply.size() - 3)), limit)
                  : Future.succeededFuture(known);
            });
  }

  private static List<LoggedEvent> events(Reply reply) {
    List<LoggedEvent> events = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 3) {
      if (EventCodec.knows(reply.text(i + 1))) {
        events.add(
            new LoggedEvent(
                position(reply.text(i)), EventCodec.read(reply.text(i + 1), reply.text(i + 2))));
      }
    }
    return events;
  }

  private static Position position(String id) {
    int dash = id.indexOf('-');
    return new Position(
        Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
  }

  @Override
  public Subscription watch(JobId id, Runnable wake) {
    return wakes.watch(id, wake);
  }
}
