package io.sluice.clients;

/** The client PyPI {@code openai}, as published. */
class OpenAiPythonIT extends OpenAiContract {
  @Override
  Driver driver() {
    return Drivers.pythonScript("openai_client.py");
  }
}
