/**
 * The audit log on files: lines of JSON, each bound to the one before it by a hash, with a
 * checkpoint in a second place.
 */
package io.sluice.file;
