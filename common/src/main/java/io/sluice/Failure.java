package io.sluice;

/**
 * Why an attempt or a job failed, for its owner to read.
 *
 * @param message one sentence; never a prompt, a completion, or a host name of the infrastructure
 */
public record Failure(FailureCode code, String message) {}
