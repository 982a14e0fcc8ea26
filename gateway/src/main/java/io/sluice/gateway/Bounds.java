package io.sluice.gateway;

import io.sluice.gateway.batch.BatchConfig;

/**
 * What requests, streams, connections and batches may hold.
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
    ConnectionBounds connections,
    BatchConfig batches) {
  public static final Bounds DEFAULT =
      new Bounds(
          100_000,
          8 * 1024 * 1024,
          Runtime.getRuntime().maxMemory() / 8,
          StreamBounds.DEFAULT,
          ConnectionBounds.DEFAULT,
          BatchConfig.DEFAULT);

  public Bounds {
    if (promptTokensMax < 1 || bodyBytesMax < 1 || bodiesBytesMax < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
  }

  public Bounds promptTokensMax(int other) {
    return new Bounds(other, bodyBytesMax, bodiesBytesMax, streams, connections, batches);
  }

  public Bounds bodyBytesMax(int other) {
    return new Bounds(promptTokensMax, other, bodiesBytesMax, streams, connections, batches);
  }

  Bounds bodiesBytesMax(long other) {
    return new Bounds(promptTokensMax, bodyBytesMax, other, streams, connections, batches);
  }

  public Bounds streams(StreamBounds other) {
    return new Bounds(promptTokensMax, bodyBytesMax, bodiesBytesMax, other, connections, batches);
  }

  public Bounds connections(ConnectionBounds other) {
    return new Bounds(promptTokensMax, bodyBytesMax, bodiesBytesMax, streams, other, batches);
  }

  public Bounds batches(BatchConfig other) {
    return new Bounds(promptTokensMax, bodyBytesMax, bodiesBytesMax, streams, connections, other);
  }
}
