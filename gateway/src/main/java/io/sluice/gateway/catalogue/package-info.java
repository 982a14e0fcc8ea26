/**
 * Which models there are, as clients of Ollama and of OpenAI ask for it: what the gateway serves,
 * with what the workers' engines say of it.
 */
package io.sluice.gateway.catalogue;
