/** What can be said of a job's wait, from counters alone: pure, and the same everywhere. */
package io.sluice.forecast;
