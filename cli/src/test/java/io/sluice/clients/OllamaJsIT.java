package io.sluice.clients;

/** The client npm {@code ollama}, as published. */
class OllamaJsIT extends OllamaContract {
  @Override
  Driver driver() {
    return Drivers.nodeScript("ollama.mjs");
  }
}
