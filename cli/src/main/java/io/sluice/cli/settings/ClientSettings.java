package io.sluice.cli.settings;

import java.net.URI;
import java.util.Optional;

/** The server that a client command talks to. */
public record ClientSettings(
    @Setting(
            flag = "--server",
            variable = "SLUICE_URL",
            value = "URL",
            standard = "http://127.0.0.1:8080",
            text = "the Sluice to talk to")
        URI server,
    @Setting(
            flag = "--api-key",
            variable = "SLUICE_API_KEY",
            value = "KEY",
            text =
                "the key to show there; else a login (sluice login), else the key of DIR/api-key;"
                    + " others can see flags")
        Optional<Secret> apiKey) {}
