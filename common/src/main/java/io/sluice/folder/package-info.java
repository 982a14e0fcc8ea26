/** Files in a folder of a disk, or of a volume that several machines share. */
package io.sluice.folder;
