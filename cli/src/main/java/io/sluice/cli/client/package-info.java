/** A client of Sluice's HTTP interface, as anybody could write one. */
package io.sluice.cli.client;
