/**
 * The Responses API of OpenAI over the queue: a response is a job under another name, and its
 * numbered events are made of the job's log.
 */
package io.sluice.gateway.responses;
