package io.sluice.rabbitmq;

import com.rabbitmq.client.GetResponse;
import io.sluice.Lane;
import io.sluice.codec.CodecException;
import io.sluice.rabbitmq.Publication.Parcel;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a message that cannot be read here. One of a newer program waits for a minute, as
 * it is, and then in its retry lane for somebody who can; after a day of that, and where nobody
 * ever could, it is laid aside for a person.
 */
final class Unread {
  private static final Logger LOG = LoggerFactory.getLogger(Unread.class);

  /** A day of minutes. */
  static final int TIMES_MAX = 24 * 60;

  private Unread() {}

  static Parcel parcel(Topology topology, Lane lane, GetResponse got, CodecException why) {
    LOG.warn(
        "a message of {} bytes in lane {} cannot be read: {}",
        got.getBody().length,
        lane.label(),
        why.getClass().getSimpleName());
    int times = before(got) + 1;
    return onward(topology, lane, got)
        .filter(route -> why instanceof CodecException.Newer && times <= TIMES_MAX)
        .map(route -> Parcels.unread(route, got.getBody(), times))
        .orElseGet(() -> Parcels.unreadable(topology, got.getBody()));
  }

  private static int before(GetResponse got) {
    Map<String, Object> headers = Optional.ofNullable(got.getProps().getHeaders()).orElse(Map.of());
    return headers.get(Parcels.UNREAD) instanceof Number times ? times.intValue() : 0;
  }

  private static Optional<Topology.Route> onward(Topology topology, Lane lane, GetResponse got) {
    return switch (lane) {
      case Lane.Ready ready ->
          Optional.of(overARung(topology, new Lane.Retry(ready.pool(), ready.jobClass())));
      case Lane.Retry retry -> Optional.of(overARung(topology, retry));
      // Who walks the ladder must not meet it there again: it goes where its rung leads.
      case Lane.Delay rung -> Optional.of(topology.straight(got.getEnvelope().getRoutingKey()));
      case Lane.Warm warm -> Optional.of(topology.straight(got.getEnvelope().getRoutingKey()));
      case Lane.Aside aside -> Optional.empty();
    };
  }

  private static Topology.Route overARung(Topology topology, Lane.Retry home) {
    return topology.route(Lane.Delay.ONE_MINUTE, home);
  }
}
