/** Ollama's native protocol: the only place that knows its fields and its error texts. */
package io.sluice.worker.ollama;
