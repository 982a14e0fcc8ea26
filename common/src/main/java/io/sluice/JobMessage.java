package io.sluice;

/**
 * What travels through the queue: the whole job, so that the store may lose everything.
 *
 * @param attempt how many attempts had been started when the message was published; only used to
 *     bring back a lost record, the store's own count is the truth
 */
public record JobMessage(Job job, int attempt) {}
