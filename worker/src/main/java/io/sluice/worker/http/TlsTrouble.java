package io.sluice.worker.http;

import java.io.IOException;
import java.net.URI;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells why there is no TLS with a model server, once per reason. Safe from any thread. */
public final class TlsTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(TlsTrouble.class);

  private final URI base;
  private volatile String told = "";

  public TlsTrouble(URI base) {
    this.base = base;
  }

  /** A certificate does not mend itself: somebody has to look. */
  public void tell(IOException e) {
    Throwable root = e;
    while (root.getCause() != null && !(root instanceof SSLException)) {
      root = root.getCause();
    }
    String said = String.valueOf(root.getMessage());
    if (root instanceof SSLException && !said.equals(told)) {
      told = said;
      LOG.warn("No TLS with the model server at {}: {}", base, said);
    }
    LOG.debug("The probe got no answer: {}", e.toString());
  }
}
