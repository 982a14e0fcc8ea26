package io.sluice.clients;

/** The client PyPI {@code ollama}, as published. */
class OllamaPythonIT extends OllamaContract {
  @Override
  Driver driver() {
    return Drivers.pythonScript("ollama_client.py");
  }
}
