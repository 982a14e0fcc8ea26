/**
 * What {@code analyze} and {@code batch} do: what is sent, where results are kept, how far it is,
 * and how it is gone on with.
 */
package io.sluice.cli.bulk;
