/**
 * OpenAI's Batch API: thousands of requests in one file, run as ordinary jobs of class batch. All
 * that is known of a batch is in files that are only ever made or added to.
 */
package io.sluice.gateway.batch;
