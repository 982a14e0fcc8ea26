/**
 * The protocol of Ollama over the queue. Requests are translated into jobs and answers into lines;
 * everything in between is {@code io.sluice.gateway.held}.
 */
package io.sluice.gateway.ollama;
