package io.sluice.cli.compose;

import io.sluice.cli.doctor.CertificateCheck;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** By which names clients may ask for a gateway. */
public final class Hosts {
  private Hosts() {}

  /** Of one that listens on an address. */
  public static CertificateCheck.Listening of(String host) {
    Set<String> names = new LinkedHashSet<>();
    if (!Instance.isEverywhere(host)) {
      names.add(host);
    }
    names.add("localhost");
    names.add(Instance.host());
    return new CertificateCheck.Listening(Instance.isLoopback(host), List.copyOf(names));
  }
}
