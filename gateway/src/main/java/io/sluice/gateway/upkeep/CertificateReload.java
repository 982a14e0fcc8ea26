package io.sluice.gateway.upkeep;

import io.sluice.gateway.tls.ServerCertificate;
import io.vertx.core.Future;
import io.vertx.core.net.ServerSSLOptions;
import java.util.function.Function;

/** Looks whether the gateway's certificate was replaced, and gives its servers the new one. */
public final class CertificateReload {
  private final ServerCertificate certificate;
  private final Function<ServerSSLOptions, Future<Void>> update;

  public CertificateReload(
      ServerCertificate certificate, Function<ServerSSLOptions, Future<Void>> update) {
    this.certificate = certificate;
    this.update = update;
  }

  public Repeated repeated() {
    return new Repeated(
        "certificate-reload",
        certificate.lookEvery(),
        () -> certificate.look(options -> Answer.of(update.apply(options))));
  }
}
