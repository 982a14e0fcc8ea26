/**
 * What fits the memory of a GPU: arithmetic over a model's shape, the readings of a graphics tool,
 * and the number of slots that follows. Knows no server and no settings.
 */
package io.sluice.worker.plan;
