/**
 * HTTP in, jobs out. {@link io.sluice.gateway.Gateway} is the whole; {@code Routes} is its surface
 * in one screen, with one handler per verb. Submission is in {@code submit}, live readers in {@code
 * stream}, callers in {@code auth}, refusals in {@code problem}, and what runs without being asked
 * in {@code upkeep}.
 */
package io.sluice.gateway;
