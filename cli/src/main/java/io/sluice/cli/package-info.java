/**
 * The {@code sluice} program. {@link io.sluice.cli.SluiceMain} is its entry and its list of
 * commands; {@code settings} says what can be set, {@code compose} puts the parts together, {@code
 * client} talks to a running Sluice, {@code terminal} is what a person sees.
 */
package io.sluice.cli;
