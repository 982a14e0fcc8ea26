package io.sluice.clients;

/** Files and batches with the client PyPI {@code openai}, as published. */
class OpenAiPythonBatchIT extends OpenAiBatchContract {
  @Override
  Driver driver() {
    return Drivers.pythonScript("openai_batches.py");
  }
}
