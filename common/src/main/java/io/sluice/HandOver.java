package io.sluice;

import io.sluice.LaneOrder.Turn;
import java.time.Duration;

/**
 * The mark of a job that one worker gave to another, whose cache is warm. It is made once: a job
 * that carries it is not handed over again.
 *
 * @param turn with which it left its lane: whoever runs it is charged for that one, and for no
 *     other
 * @param within how long it stays in the other worker's lane at most, before it comes back to its
 *     retry lane; positive
 */
public record HandOver(Turn turn, Duration within) {}
