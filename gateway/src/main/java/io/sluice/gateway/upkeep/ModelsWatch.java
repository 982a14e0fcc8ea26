package io.sluice.gateway.upkeep;

import io.sluice.Unavailable;
import io.sluice.gateway.catalogue.Listings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps it known which models are installed, also while nobody asks for a list of them. */
public final class ModelsWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ModelsWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Listings listings;

  public ModelsWatch(Listings listings) {
    this.listings = listings;
  }

  public Repeated repeated() {
    return new Repeated("models-watch", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    try {
      Answer.of(listings.look());
    } catch (Unavailable away) {
      LOG.debug("what is installed is not known anew: {}", away.getMessage());
    }
  }
}
