package io.sluice.cli.settings;

/** Where the gateway listens. */
public record ListenSettings(
    @Setting(
            flag = "--host",
            variable = "SLUICE_HOST",
            value = "ADDRESS",
            standard = "127.0.0.1",
            text = "the address that the gateway listens on; 0.0.0.0 for every one")
        String host,
    @Setting(
            flag = "--port",
            variable = "SLUICE_PORT",
            value = "PORT",
            standard = "8080",
            max = 65_535,
            text = "the port that the gateway listens on; 0 for any free one")
        int port) {}
