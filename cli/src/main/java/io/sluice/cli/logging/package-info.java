/** How the process's log is written. */
package io.sluice.cli.logging;
