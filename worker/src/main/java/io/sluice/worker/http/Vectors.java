package io.sluice.worker.http;

import static io.sluice.FailureCode.*;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.Embedding;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Usage;
import io.sluice.worker.Generation.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vectors of one answer, read number by number without a tree of them, and bounded. Not to be
 * used any more after a failure.
 */
public final class Vectors {
  /** Numbers of all vectors together: a thousand vectors of a usual size, 4 MiB. */
  static final int NUMBERS_MAX = 1 << 20;

  private final EmbedRequest asked;
  private final List<Embedding> read = new ArrayList<>();
  private float[] numbers = new float[1024];
  private int count;

  public Vectors(EmbedRequest asked) {
    this.asked = asked;
  }

  /** What is read is no answer to the request. */
  public static final class Unfit extends IOException {
    private final transient Failure why;

    Unfit(Failure why) {
      super(why.message());
      this.why = why;
    }

    Unfit(FailureCode code) {
      this(ErrorTable.of(code));
    }

    public Failure why() {
      return why;
    }
  }

  /**
   * Reads the next vector, a list of numbers.
   *
   * @param json stands at the beginning of the list, and afterwards at its end
   */
  public void add(JsonParser json) throws IOException {
    if (!json.isExpectedStartArrayToken()) {
      throw new Unfit(ENGINE_PROTOCOL);
    }
    int length = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!json.currentToken().isNumeric() || !Float.isFinite(json.getFloatValue())) {
        throw new Unfit(ENGINE_PROTOCOL);
      }
      if (++count > NUMBERS_MAX) {
        throw new Unfit(tooMany());
      }
      if (length == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * length);
      }
      numbers[length++] = json.getFloatValue();
    }
    if (length == 0 || read.size() == asked.inputs().size()) {
      throw new Unfit(ENGINE_PROTOCOL);
    }
    read.add(new Embedding(Arrays.copyOf(numbers, length)));
  }

  private static Failure tooMany() {
    return new Failure(
        INVALID_REQUEST,
        "The vectors have more than %,d numbers together: send fewer inputs at a time."
            .formatted(NUMBERS_MAX));
  }

  /**
   * The server says to which input a vector belongs.
   *
   * @param place to which it must belong
   */
  public void expect(int place, int index) throws Unfit {
    if (index != place) {
      throw new Unfit(ENGINE_PROTOCOL);
    }
  }

  /** How many vectors there are. */
  public int size() {
    return read.size();
  }

  /** The pieces of the answer when it is read. */
  public List<Piece> whole(Usage usage) throws Unfit {
    int dimensions = read.isEmpty() ? 0 : read.getFirst().dimensions();
    boolean even = read.stream().allMatch(it -> it.dimensions() == dimensions);
    if (read.size() != asked.inputs().size() || !even) {
      throw new Unfit(ENGINE_PROTOCOL);
    }
    if (asked.dimensions().orElse(dimensions) != dimensions) {
      throw new Unfit(otherDimensions(dimensions));
    }
    return List.of(new Piece.Vectors(read), new Piece.Done(false, usage));
  }

  private Failure otherDimensions(int dimensions) {
    return new Failure(
        INVALID_REQUEST,
        "The model makes vectors of %,d numbers, not of %,d."
            .formatted(dimensions, asked.dimensions().orElseThrow()));
  }
}
