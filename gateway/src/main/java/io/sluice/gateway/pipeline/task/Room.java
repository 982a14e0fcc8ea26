package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Pool;
import io.sluice.TokenCounter;
import io.sluice.gateway.pipeline.split.Splitter;
import io.sluice.gateway.submit.Fields;
import io.sluice.tokens.RequestTokens;
import java.util.List;
import java.util.Optional;

/**
 * What fits the largest context of a model beside the instructions and the longest answer.
 *
 * @param map of a part, in tokens
 * @param reduce of all answers in one prompt
 */
public record Room(int map, int reduce) {
  /** What numbers, names and white space around texts may take. */
  private static final int RESERVE = 48;

  /** So many tokens of documents, and of answers, have to fit at the least. */
  private static final int MIN = 64;

  /** The share of a context that is used where tokens are only estimated. */
  private static final double ESTIMATED_SHARE = 0.75;

  /** A document's name, and where a part is. */
  private static final Prompts.Place LONGEST =
      new Prompts.Place("n".repeat(200), 99_999, 99_999, "99999-99999");

  /**
   * @param counter of the model
   * @param pools of the model, the smallest first
   * @param promptTokensMax the absolute cap on prompts
   */
  public static Room of(Wish wish, TokenCounter counter, List<Pool> pools, int promptTokensMax) {
    Prompts prompts = new Prompts(wish, "0".repeat(12));
    int context = pools.getLast().contextTokens();
    long usable = counter.exact() ? context : (long) (context * ESTIMATED_SHARE);
    long most = Math.min(usable - wish.maxOutputTokens(), promptTokensMax) - RESERVE;
    return new Room(
        left(most, counter, prompts.map(LONGEST, "")),
        left(most, counter, prompts.reduce(LONGEST.document(), List.of())));
  }

  private static int left(long most, TokenCounter counter, ObjectNode empty) {
    return (int) Math.max(0, most - RequestTokens.count(counter, empty, Integer.MAX_VALUE));
  }

  /**
   * How large parts are: as they are wished, or smaller where nothing was said and the context has
   * no room for that. Notes what does not fit.
   *
   * @param fields that the wish was read from
   */
  public Splitter.Size fitting(Wish wish, Fields fields) {
    Splitter.Size wanted = wish.split();
    if (reduce < MIN || map < MIN) {
      fields.fault("max_output_tokens", "With it the model's context has no room for documents.");
    } else if (wanted.tokens() > map) {
      Optional<Fields> split = fields.object("split").filter(it -> it.has("tokens"));
      split.ifPresent(
          it -> it.fault("tokens", "For the model's context a part may have " + map + " at most."));
      return new Splitter.Size(map, Math.min(wanted.overlap(), map / 4));
    }
    return wanted;
  }
}
