package io.sluice.cli.doctor;

import java.net.URI;
import java.util.List;

/** Whether the model server can be reached without Sluice. */
public final class OpenEngineCheck implements Check {
  private final URI engine;
  private final OpenEngine open;

  public OpenEngineCheck(URI engine, OpenEngine open) {
    this.engine = engine;
    this.open = open;
  }

  @Override
  public String about() {
    return "engine access";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    List<String> found = open.of(engine);
    return List.of(
        found.isEmpty()
            ? Finding.ok(about(), "not reachable from other hosts without a certificate")
            : Finding.failed(about(), sentence(found), advice()));
  }

  /** What is wrong with a model server that is open there. */
  public static String sentence(List<String> open) {
    return "other hosts reach the model without Sluice at " + String.join(", ", open);
  }

  /** What to do about it. */
  public static String advice() {
    return "let the engine listen on 127.0.0.1, or only behind TLS that asks for a certificate:"
        + " deploy/nginx-engine.conf";
  }
}
