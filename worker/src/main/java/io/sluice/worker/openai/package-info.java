/**
 * The OpenAI protocol as vLLM, SGLang and llama-server speak it: the only place that knows its
 * fields and its error texts.
 */
package io.sluice.worker.openai;
