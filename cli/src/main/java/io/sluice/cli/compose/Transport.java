package io.sluice.cli.compose;

import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import java.util.Optional;

/**
 * What is encrypted.
 *
 * @param gateway the gateway's certificate; plain HTTP without it
 * @param engine how the model server is met over TLS
 * @param check what is done about a model server that other hosts reach
 */
public record Transport(
    Optional<TlsConfig> gateway, ClientTls engine, EngineTlsSettings.Check check) {
  /** Nothing is encrypted, or asked for. */
  public static final Transport PLAIN =
      new Transport(Optional.empty(), ClientTls.DEFAULT, EngineTlsSettings.Check.OFF);
}
