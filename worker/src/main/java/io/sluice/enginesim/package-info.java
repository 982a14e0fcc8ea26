/**
 * A simulated Ollama: its protocol, slots, reloads and every known failure, without a model. For
 * trying Sluice on a machine without a GPU, for tests and for load. Its text says that it is
 * simulated.
 */
package io.sluice.enginesim;
