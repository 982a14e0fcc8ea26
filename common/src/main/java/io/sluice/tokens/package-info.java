/**
 * How many tokens a request costs, counted before it queues: with the model's own vocabulary where
 * it is on board (Qwen3), by an estimate elsewhere.
 */
package io.sluice.tokens;
