/** What every client of a model server shares: bounded calls, bounded streams, and error tables. */
package io.sluice.worker.http;
