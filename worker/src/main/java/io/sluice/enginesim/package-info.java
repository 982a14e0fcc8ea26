/**
 * A simulated Ollama: its protocol, slots, reloads and every known failure, without a model; and a
 * simulated OpenAI server, with a cache of tokens in place of slots. For trying Sluice on a machine
 * without a GPU, for tests and for load. Its text says that it is simulated.
 */
package io.sluice.enginesim;
