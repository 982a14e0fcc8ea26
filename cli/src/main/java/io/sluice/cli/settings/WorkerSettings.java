package io.sluice.cli.settings;

import java.time.Duration;
import java.util.Optional;

/** How a worker behaves. */
public record WorkerSettings(
    @Setting(
            flag = "--drain",
            variable = "SLUICE_DRAIN",
            value = "TIME",
            standard = "20s",
            max = 3600,
            text = "how long running jobs may go on when the process is told to stop")
        Duration drain,
    @Setting(
            flag = "--health-port",
            variable = "SLUICE_HEALTH_PORT",
            value = "PORT",
            max = 65_535,
            text = "a port for /health and /metrics of a worker")
        Optional<Integer> healthPort,
    @Setting(
            flag = "--max-thinking-tokens",
            variable = "SLUICE_MAX_THINKING_TOKENS",
            value = "N",
            standard = "32768",
            min = 1,
            text =
                "an answer that thinks for more tokens fails with runaway_thinking; its thoughts are"
                    + " kept, and it is not tried again")
        int thinkingTokens,
    @Setting(
            flag = "--continue",
            variable = "SLUICE_CONTINUE",
            value = "HOW",
            standard = "off",
            text =
                "on where the answer to a chat that a lost worker or engine broke off is to go on where"
                    + " it was, which needs a template that leaves the assistant's last message open;"
                    + " off where it begins anew. The same for gateways and workers")
        OnOff continues) {

  /** With the usual bound on thinking. */
  public WorkerSettings(Duration drain, Optional<Integer> healthPort) {
    this(drain, healthPort, 32_768, OnOff.OFF);
  }
}
