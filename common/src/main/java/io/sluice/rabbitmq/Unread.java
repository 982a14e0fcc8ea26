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
    return home(lane)
        .filter(home -> why instanceof CodecException.Newer && times <= TIMES_MAX)
        .map(home -> Parcels.unread(topology, home, got.getBody(), times))
        .orElseGet(() -> Parcels.unreadable(topology, got.getBody()));
  }

  private static int before(GetResponse got) {
    Map<String, Object> headers = Optional.ofNullable(got.getProps().getHeaders()).orElse(Map.of());
    return headers.get(Parcels.UNREAD) instanceof Number times ? times.intValue() : 0;
  }

  private static Optional<Lane.Retry> home(Lane lane) {
    return switch (lane) {
      case Lane.Ready ready -> Optional.of(new Lane.Retry(ready.pool(), ready.jobClass()));
      case Lane.Retry retry -> Optional.of(retry);
      case Lane.Delay delay -> Optional.empty();
      case Lane.Aside aside -> Optional.empty();
    };
  }
}
