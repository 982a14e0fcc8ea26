package io.sluice.cli.settings;

import io.sluice.tls.ClientTls;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How the model server is met over TLS, and whether it may be open to others. */
public record EngineTlsSettings(
    @Setting(
            flag = "--engine-ca",
            variable = "SLUICE_ENGINE_CA",
            value = "FILE",
            text = "who may vouch for the model server, PEM; else the JDK's authorities")
        Optional<Path> ca,
    @Setting(
            flag = "--engine-cert",
            variable = "SLUICE_ENGINE_CERT",
            value = "FILE",
            text = "the certificate to show to the model server, PEM")
        Optional<Path> certificate,
    @Setting(
            flag = "--engine-key",
            variable = "SLUICE_ENGINE_KEY",
            value = "FILE",
            text = "its key, PEM, which others must not be able to read")
        Optional<Path> key,
    @Setting(
            flag = "--engine-check",
            variable = "SLUICE_ENGINE_CHECK",
            value = "WHAT",
            standard = "off",
            text =
                "what a worker does about a model server that other hosts reach without it: off,"
                    + " warn or refuse")
        Check check)
    implements Settings.Checked {

  /** What is done about a model server that other hosts reach. */
  public enum Check {
    OFF,
    WARN,
    REFUSE
  }

  @Override
  public List<String> problems(Settings others) {
    List<String> urls =
        others.get(EngineSettings.class).urls().stream().map(URI::toString).toList();
    Optional<String> encrypted = urls.stream().filter(url -> url.startsWith("https:")).findFirst();
    return files().problems(encrypted.or(() -> urls.stream().findFirst()), "https");
  }

  /** How the model server is met over TLS. */
  public ClientTls tls() {
    return files().tls();
  }

  private ClientFiles files() {
    return new ClientFiles("SLUICE_ENGINE", ca, certificate, key);
  }
}
