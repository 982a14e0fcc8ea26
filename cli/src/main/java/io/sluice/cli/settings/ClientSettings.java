package io.sluice.cli.settings;

import io.sluice.address.Loopback;
import io.sluice.tls.ClientTls;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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
                "the key to show there; else a login (sluice login), else, to a server on this"
                    + " machine, the key of DIR/api-key; others can see flags")
        Optional<Secret> apiKey,
    @Setting(
            flag = "--ca",
            variable = "SLUICE_CA",
            value = "FILE",
            text = "who may vouch for an https server, PEM; else the JDK's authorities")
        Optional<Path> ca)
    implements Settings.Checked {

  @Override
  public List<String> problems(Settings others) {
    return files().problems(Optional.of(server.toString()), "https");
  }

  /** Whether the server is this machine. */
  public boolean isHere() {
    return Loopback.isNamedBy(server.getHost());
  }

  /** Whether others on the way can read what is shown to the server. */
  public boolean isInClear() {
    return server.getScheme().equals("http") && !isHere();
  }

  /** How the server is met over TLS. */
  public ClientTls tls() {
    return files().tls();
  }

  private ClientFiles files() {
    return new ClientFiles("SLUICE", ca, Optional.empty(), Optional.empty());
  }
}
