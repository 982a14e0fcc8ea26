package io.sluice.clients;

/** The client npm {@code openai}, as published. */
class OpenAiNodeIT extends OpenAiContract {
  @Override
  Driver driver() {
    return Drivers.nodeScript("openai.mjs");
  }
}
