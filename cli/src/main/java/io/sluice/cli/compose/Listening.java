package io.sluice.cli.compose;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.ConnectionBounds;
import io.sluice.gateway.connection.OpenConnections;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Vert.x of a process, which accepts no more connections than the process can have open. */
final class Listening {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

  /** What everything but clients may have open: files, and connections to other servers. */
  private static final long RESERVED_FILES = 512;

  private Listening() {}

  static Vertx vertx(Plan plan, MeterRegistry meters) {
    ConnectionBounds wanted = plan.guards().connections().connections();
    int max = possible(wanted.max());
    if (max < wanted.max()) {
      LOG.warn(
          "{} connections at most, not {}: the process may open too few files (ulimit -n)",
          max,
          wanted.max());
    }
    ConnectionBounds bounds = wanted.bounds(max, wanted.perAddressMax());
    return new OpenConnections(bounds, plan.guards().auth().trustedProxies(), meters).vertx();
  }

  private static int possible(int wanted) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            && unix.getMaxFileDescriptorCount() > 0
        ? Math.clamp(unix.getMaxFileDescriptorCount() - RESERVED_FILES, 1, wanted)
        : wanted;
  }
}
