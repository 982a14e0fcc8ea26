package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One result.
 *
 * @param seq its place among the results, from 1 and rising
 * @param text as it came, without the end of the line
 * @param json the same, read
 */
public record ResultLine(long seq, String text, JsonNode json) {}
