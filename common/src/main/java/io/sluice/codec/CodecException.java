package io.sluice.codec;

/** Bytes that Sluice did not write, or that a newer version wrote. */
public sealed class CodecException extends RuntimeException {
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }

  public CodecException(String message) {
    super(message);
  }

  /** A form that this program does not read yet, for a newer one to read. */
  public static final class Newer extends CodecException {
    Newer(String message) {
      super(message);
    }
  }
}
