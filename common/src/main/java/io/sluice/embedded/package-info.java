/**
 * Sluice in one process, on one SQLite database: a product, not a mock. Durable over kill -9,
 * bounded, redelivering.
 *
 * <p>One thread writes, and groups what waits into one commit; a few read. {@link
 * io.sluice.embedded.Embedded} opens everything.
 */
package io.sluice.embedded;
