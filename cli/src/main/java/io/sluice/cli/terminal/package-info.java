/** What a person sees: the three streams, a status line, a table, and Ctrl-C. */
package io.sluice.cli.terminal;
