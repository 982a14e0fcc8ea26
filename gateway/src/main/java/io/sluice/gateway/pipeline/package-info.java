/**
 * Pipelines: one task over many documents. Each document's text is kept, split, asked about part by
 * part, and the answers brought together; every part is an ordinary job under a name of its own.
 *
 * <p>What a pipeline is and how far it came is in files that are only ever made, so that whichever
 * gateway drives it next goes on there.
 */
package io.sluice.gateway.pipeline;
