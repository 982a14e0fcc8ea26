/** Files and folders as secrets need them: for their owner alone, whole or not there, bounded. */
package io.sluice.disk;
