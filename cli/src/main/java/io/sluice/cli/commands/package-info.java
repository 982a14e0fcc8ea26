/** The commands of the program, one class each. */
package io.sluice.cli.commands;
