package io.sluice.gateway;

/**
 * What requests, streams and connections may hold.
 *
 * @param promptTokensMax no prompt is longer, whatever its pool holds; defaults to 100,000
 * @param bodyBytesMax of one request; defaults to 8 MiB
 * @param bodiesBytesMax of all requests at a time; defaults to an eighth of the heap
 */
public record Bounds(
    int promptTokensMax,
    int bodyBytesMax,
    long bodiesBytesMax,
    StreamBounds streams,
    ConnectionBounds connections) {
  public static final Bounds DEFAULT =
      new Bounds(
          100_000,
          8 * 1024 * 1024,
          Runtime.getRuntime().maxMemory() / 8,
          StreamBounds.DEFAULT,
          ConnectionBounds.DEFAULT);

  public Bounds {
    if (promptTokensMax < 1 || bodyBytesMax < 1 || bodiesBytesMax < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
  }

  public Bounds promptTokensMax(int other) {
    return new Bounds(other, bodyBytesMax, bodiesBytesMax, streams, connections);
  }

  public Bounds bodyBytesMax(int other) {
    return new Bounds(promptTokensMax, other, bodiesBytesMax, streams, connections);
  }

  Bounds bodiesBytesMax(long other) {
    return new Bounds(promptTokensMax, bodyBytesMax, other, streams, connections);
  }

  public Bounds streams(StreamBounds other) {
    return new Bounds(promptTokensMax, bodyBytesMax, bodiesBytesMax, other, connections);
  }

  public Bounds connections(ConnectionBounds other) {
    return new Bounds(promptTokensMax, bodyBytesMax, bodiesBytesMax, streams, other);
  }
}
