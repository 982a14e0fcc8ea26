package io.sluice.worker.plan;

import java.util.List;
import java.util.Optional;

/**
 * What of a model decides how much memory it takes.
 *
 * @param name as the engine knows it, such as {@code qwen3:14b}
 * @param architecture such as {@code qwen3}
 * @param quantisation such as {@code Q4_K_M}
 * @param layers that the engine spreads over several GPUs, one by one
 * @param trainedTokens the context that it was trained with; the engine clamps longer ones
 * @param cache what one token of context keeps
 * @param weightBytes of the weights on the GPUs; the token embedding stays in the host's memory
 * @param caveats what is assumed, one sentence each; empty where everything is known
 * @param oneSlot why the engine gives this model one slot, whatever is set; empty where it does not
 */
public record ModelShape(
    String name,
    String architecture,
    String quantisation,
    int layers,
    long trainedTokens,
    Cache cache,
    long weightBytes,
    List<String> caveats,
    Optional<String> oneSlot) {

  /**
   * The sizes that grow with tokens.
   *
   * @param elementsPerToken keys and values of one token, over all layers
   * @param widthPerToken vocabulary and hidden size: what one token of a batch takes while it is
   *     computed, in numbers of four bytes
   */
  public record Cache(long elementsPerToken, long widthPerToken) {
    public Cache {
      if (elementsPerToken < 1 || widthPerToken < 1) {
        throw new IllegalArgumentException("sizes per token must be positive");
      }
    }
  }

  public ModelShape {
    caveats = List.copyOf(caveats);
    if (layers < 1 || trainedTokens < 1 || weightBytes < 1) {
      throw new IllegalArgumentException("layers, context and weights must be positive");
    }
  }

  /** Bytes that one token of context takes, over all layers. */
  public long kvBytesPerToken(KvType type) {
    return type.bytes(cache.elementsPerToken());
  }

  /**
   * The most that one batch takes while it is computed, with flash attention. Measured: Qwen3-14B
   * logs 306.75 MiB for 512 tokens, exactly this.
   */
  public long computeBytes(int batchTokens) {
    return Float.BYTES * (long) batchTokens * cache.widthPerToken();
  }
}
