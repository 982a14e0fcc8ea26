/**
 * A document's text in parts that a model can read: measured in the model's own tokens, cut at
 * sensible places. Pure, and as fast as the tokens can be counted.
 */
package io.sluice.gateway.pipeline.split;
