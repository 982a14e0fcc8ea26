package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.IdentityFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The certificate that the gateway shows. With it the gateway speaks HTTPS and nothing else. */
public record TlsSettings(
    @Setting(
            flag = "--tls-cert",
            variable = "SLUICE_TLS_CERT",
            value = "FILE",
            text =
                "the gateway's certificate and those of its issuers, PEM; with it HTTPS only; read"
                    + " anew when it changes")
        Optional<Path> certificate,
    @Setting(
            flag = "--tls-key",
            variable = "SLUICE_TLS_KEY",
            value = "FILE",
            text =
                "the certificate's key, PEM, PKCS#8 or PKCS#1; others must not be able to read it")
        Optional<Path> key)
    implements Settings.Checked {

  @Override
  public List<String> problems(Settings others) {
    return certificate.isPresent() == key.isPresent()
        ? List.of()
        : List.of("SLUICE_TLS_CERT and SLUICE_TLS_KEY go together: set both or neither");
  }

  /** Where the certificate and its key are, if they are set. */
  public Optional<IdentityFiles> files() {
    return certificate.flatMap(own -> key.map(secret -> new IdentityFiles(own, secret)));
  }

  /** As the gateway takes it; reads the files to say now what is wrong with them. */
  public Optional<TlsConfig> config() {
    try {
      files().ifPresent(IdentityFiles::read);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.CANNOT_START, "SLUICE_TLS_CERT and SLUICE_TLS_KEY: " + e.getMessage());
    }
    return files().map(TlsConfig::of);
  }
}
