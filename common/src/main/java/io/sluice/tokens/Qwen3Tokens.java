package io.sluice.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import io.sluice.TokenCounter;
import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tokenizer of every Qwen3 model. Special tokens in a text count as ordinary text, as they do
 * when a template fills them in.
 *
 * <p>The first count in a process loads the vocabulary, for about 0.2 s: see {@link #load}.
 */
public final class Qwen3Tokens implements TokenCounter {
  private static final Pattern PIECES =
      Pattern.compile(
          "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
              + "|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
              + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Loads the vocabulary now, so that no later count has to wait for it. */
  public static void load() {
    Loaded.ENCODING.getName();
  }

  @Override
  public int count(String text) {
    return Loaded.ENCODING.countTokensOrdinary(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  @Override
  public boolean exact() {
    return true;
  }

  /** Class loading is the lock: the vocabulary is read once, by whoever counts first. */
  private static final class Loaded {
    static final Encoding ENCODING =
        Encodings.newLazyEncodingRegistry()
            .registerGptBytePairEncoding(
                new GptBytePairEncodingParams(
                    "qwen3", PIECES, Vocabulary.read("qwen3.tiktoken.gz").ranks(), Map.of()))
            .getEncoding("qwen3")
            .orElseThrow();
  }
}
