package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.tls.ClientTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files with which this process meets a server over TLS, and their rules, which are the same
 * for every server.
 *
 * @param variables what their variables begin with: {@code SLUICE_REDIS}
 */
record ClientFiles(
    String variables, Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

  /**
   * What is wrong with them as they are set.
   *
   * @param url the server's address, if it is set
   * @param scheme what the address must begin with for them to mean anything
   */
  List<String> problems(Optional<String> url, String scheme) {
    List<String> problems = new ArrayList<>();
    if (certificate.isPresent() != key.isPresent()) {
      problems.add(
          "%s_CERT and %s_KEY go together: set both or neither".formatted(variables, variables));
    }
    if (!url.map(text -> text.startsWith(scheme + "://")).orElse(false)) {
      Map<String, Optional<Path>> files = new TreeMap<>();
      files.put("_CA", ca);
      files.put("_CERT", certificate);
      files.put("_KEY", key);
      files.forEach(
          (name, file) ->
              file.ifPresent(
                  set ->
                      problems.add(
                          "%s%s is for an address that begins with %s://"
                              .formatted(variables, name, scheme))));
    }
    return problems;
  }

  /** As clients take it; reads the files to say now what is wrong with them. */
  ClientTls tls() {
    ClientTls tls = ClientTls.of(ca, certificate, key);
    try {
      tls.context();
      return tls;
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.CANNOT_START, variables + "_CA, _CERT and _KEY: " + e.getMessage());
    }
  }
}
