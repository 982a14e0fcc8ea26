package io.sluice;

import java.time.Instant;
import java.util.Optional;

/**
 * What can be said of a job's wait. Unknown parts are empty.
 *
 * @param position how many jobs will probably start before it, and itself: 1 is next
 * @param workAheadTokens what those before it will probably cost, in virtual tokens ({@link Cost})
 * @param p50 by when it starts in half of all such cases
 * @param p90 by when it starts in nine of ten
 */
public record Forecast(
    long position, long workAheadTokens, Optional<Instant> p50, Optional<Instant> p90) {}
