/**
 * What may be done with documents: the tasks, their prompts for a part and for the answers of
 * several, and how their answers are read and brought together. Pure.
 */
package io.sluice.gateway.pipeline.task;
