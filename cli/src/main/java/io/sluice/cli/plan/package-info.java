/** What {@code sluice plan} says: which requests fit which GPU, and how to run the engine. */
package io.sluice.cli.plan;
