package io.sluice.gateway.pipeline.split;

/**
 * A part of a document's text.
 *
 * @param index its place among the parts of its document, from 0
 * @param start where it begins in the text, in UTF-16 units
 * @param end where it ends, exclusive
 * @param tokens of it, by the counter that it was split with
 */
public record Part(int index, int start, int end, int tokens) {
  public String of(String text) {
    return text.substring(start, end);
  }
}
