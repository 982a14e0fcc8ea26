package io.sluice.clients;

/** Files and batches with the client npm {@code openai}, as published. */
class OpenAiNodeBatchIT extends OpenAiBatchContract {
  @Override
  Driver driver() {
    return Drivers.nodeScript("openai-batches.mjs");
  }
}
