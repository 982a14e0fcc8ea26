/** Readers of jobs that are not over yet: long polls and event streams. */
package io.sluice.gateway.stream;
