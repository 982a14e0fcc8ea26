package io.sluice;

/**
 * Where a job came in: its lane, and what had ever entered that lane before it. What departed since
 * and what is left of it say how much is still ahead.
 *
 * @param lane the number of its ready lane
 * @param jobsBefore how many jobs had entered the lane
 * @param tokensBefore what those were estimated to cost together, in virtual tokens ({@link Cost})
 */
public record Ticket(int lane, long jobsBefore, long tokensBefore) {}
