package io.sluice.clients;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;

/** What a stream of LangChain4j brought; leaves it after some pieces. */
final class Heard implements StreamingChatResponseHandler {
  private final int leavesAfter;
  private final StringBuffer text = new StringBuffer();
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private volatile int pieces;

  /**
   * @param leavesAfter so many pieces
   */
  Heard(int leavesAfter) {
    this.leavesAfter = leavesAfter;
  }

  @Override
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread calls
  public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
    text.append(piece.text());
    pieces++;
    if (pieces == leavesAfter) {
      context.streamingHandle().cancel();
      left.complete(null);
    }
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    end.complete(response);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
    left.completeExceptionally(error);
  }

  String text() {
    return text.toString();
  }

  int pieces() {
    return pieces;
  }

  CompletableFuture<ChatResponse> end() {
    return end;
  }

  CompletableFuture<Void> left() {
    return left;
  }
}
