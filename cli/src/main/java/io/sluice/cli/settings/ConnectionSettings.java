package io.sluice.cli.settings;

import io.sluice.gateway.ConnectionBounds;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.held.HeldConfig;
import java.time.Duration;
import java.util.ArrayList;
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
        Duration streamLife,
    @Setting(
            flag = "--status-hold",
            variable = "SLUICE_STATUS_HOLD",
            value = "TIME",
            standard = "45s",
            text =
                "how long a stream of a compatible surface is held back for its first piece or a"
                    + " failure; then it is answered 200 and goes on with empty pieces")
        Duration statusHold,
    @Setting(
            flag = "--heartbeat",
            variable = "SLUICE_HEARTBEAT",
            value = "TIME",
            standard = "15s",
            text = "how long such a stream is silent before it says an empty piece")
        Duration heartbeat,
    @Setting(
            flag = "--stream-failures",
            variable = "SLUICE_STREAM_FAILURES",
            value = "HOW",
            standard = "error",
            text =
                "how such a stream tells that it failed: error, for client libraries, or text that is"
                    + " part of the answer, for front ends such as Open WebUI, which pass over errors")
        HeldConfig.Failures streamFailures)
    implements Settings.Checked {

  /** Every bound as it is where nothing is set. */
  public static final ConnectionSettings STANDARD =
      new ConnectionSettings(
          ConnectionBounds.DEFAULT.max(),
          ConnectionBounds.DEFAULT.perAddressMax(),
          StreamBounds.DEFAULT.life(),
          HeldConfig.DEFAULT.statusMax(),
          HeldConfig.DEFAULT.heartbeat(),
          HeldConfig.DEFAULT.failures());

  private static final Duration STREAM_LIFE_MIN = Duration.ofSeconds(10);
  private static final Duration HELD_MIN = Duration.ofSeconds(1);

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    atLeast("--stream-life", streamLife, STREAM_LIFE_MIN, problems);
    atLeast("--status-hold", statusHold, HELD_MIN, problems);
    atLeast("--heartbeat", heartbeat, HELD_MIN, problems);
    return problems;
  }

  private static void atLeast(String flag, Duration time, Duration min, List<String> problems) {
    if (time.compareTo(min) < 0) {
      problems.add(flag + ": it is at least " + min.toSeconds() + "s");
    }
  }

  public ConnectionBounds connections() {
    return ConnectionBounds.DEFAULT.bounds(max, perAddress);
  }

  public StreamBounds streams() {
    return StreamBounds.DEFAULT.life(streamLife);
  }

  public HeldConfig held() {
    return new HeldConfig(statusHold, heartbeat, streamFailures);
  }
}
