package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One event of a response.
 *
 * @param data as it is sent, with its type and number in it; empty for what is never sent
 */
record Numbered(long number, Part part, ObjectNode data) {

  /** What an event is to somebody who has read a part of the response: a closed choice. */
  sealed interface Part {
    /** Of the response before it puts anything out. */
    record Opening() implements Part {}

    /** A piece of the text of an item. */
    record Piece(int output, String text) implements Part {}

    /**
     * Anything else of an item.
     *
     * @param what the same wherever it says the same
     */
    record Mark(String what) implements Part {}

    /** Everything before it is void: another attempt began. Never sent. */
    record Void() implements Part {}

    /** After this one there is none. */
    record Last() implements Part {}
  }

  /** The same event with less text. */
  Numbered with(String text) {
    return new Numbered(number, part, data.deepCopy().put("delta", text));
  }
}
