package io.sluice;

/**
 * A client's promise that a submission is the same one as before.
 *
 * @param key the client's {@code Idempotency-Key}, unique within its tenant; 1 to 255 characters
 * @param fingerprint a digest of the submission; the same key with another fingerprint is refused
 */
public record Idempotency(String key, String fingerprint) {}
