/**
 * OpenAI's chat and text completions over the queue: requests become bodies of jobs, events become
 * chunks, and refusals are told in OpenAI's shape.
 */
package io.sluice.gateway.openai;
