/**
 * The scheduler in virtual time: the real {@link io.sluice.embedded.FairLanes} against other ways
 * to hand out the same jobs. Exact for a seed, so that its bounds are tests.
 */
package io.sluice.bench.schedule;
