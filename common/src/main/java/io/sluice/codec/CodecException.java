package io.sluice.codec;

/** Bytes that Sluice did not write, or that a newer version wrote. */
public final class CodecException extends RuntimeException {
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }

  public CodecException(String message) {
    super(message);
  }
}
