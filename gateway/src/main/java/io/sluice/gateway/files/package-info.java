/** What clients upload and batches make: kept, found, listed, read and deleted. */
package io.sluice.gateway.files;
