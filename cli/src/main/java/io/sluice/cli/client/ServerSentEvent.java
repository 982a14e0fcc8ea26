package io.sluice.cli.client;

/**
 * One event of a stream.
 *
 * @param lastId the id to show when coming back: this event's, or the last one before it that had
 *     one
 */
record ServerSentEvent(String lastId, String type, String data) {}
