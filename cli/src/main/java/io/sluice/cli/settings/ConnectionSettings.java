package io.sluice.cli.settings;

import io.sluice.gateway.ConnectionBounds;
import io.sluice.gateway.StreamBounds;
import java.time.Duration;
import java.util.List;

/** What clients may hold open. */
public record ConnectionSettings(
    @Setting(
            flag = "--connections-max",
            variable = "SLUICE_CONNECTIONS_MAX",
            value = "N",
            standard = "12000",
            min = 1,
            text = "connections that may be open; more are closed when they are accepted")
        int max,
    @Setting(
            flag = "--connections-per-address-max",
            variable = "SLUICE_CONNECTIONS_PER_ADDRESS_MAX",
            value = "N",
            standard = "2000",
            min = 1,
            text =
                "connections of one address (IPv6: of one /64) that may be open; a --trusted-proxy"
                    + " may have as many as all")
        int perAddress,
    @Setting(
            flag = "--stream-life",
            variable = "SLUICE_STREAM_LIFE",
            value = "TIME",
            standard = "1h",
            text = "the longest life of an event stream; its reader then comes back by itself")
        Duration streamLife)
    implements Settings.Checked {

  /** Every bound as it is where nothing is set. */
  public static final ConnectionSettings STANDARD =
      new ConnectionSettings(
          ConnectionBounds.DEFAULT.max(),
          ConnectionBounds.DEFAULT.perAddressMax(),
          StreamBounds.DEFAULT.life());

  private static final Duration STREAM_LIFE_MIN = Duration.ofSeconds(10);

  @Override
  public List<String> problems(Settings others) {
    return streamLife.compareTo(STREAM_LIFE_MIN) < 0
        ? List.of("--stream-life: it is at least " + STREAM_LIFE_MIN.toSeconds() + "s")
        : List.of();
  }

  public ConnectionBounds connections() {
    return ConnectionBounds.DEFAULT.bounds(max, perAddress);
  }

  public StreamBounds streams() {
    return StreamBounds.DEFAULT.life(streamLife);
  }
}
