package io.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reads the requests of one connection of HTTP/1, and does two things that its parents do not: the
 * head of a request has an absolute deadline, from its first byte (of the first request: from the
 * start of the connection) to its end; and a header that goes on in a second line (RFC 9112 section
 * 5.2) makes the request unreadable instead of being joined unseen.
 *
 * <p>It relies on its parent returning from {@code decode} where a head ends. All of it belongs to
 * the event loop of the connection.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private final Duration deadline;
  private final Runnable late;
  private boolean inHead = true;
  private boolean lineEnded;
  private boolean folded;
  private ScheduledFuture<?> timer;

  /**
   * @param late is told when a head came too late and the connection was closed
   */
  StrictDecoder(Http1ServerConfig config, Duration deadline, Runnable late) {
    super(config);
    this.deadline = deadline;
    this.late = late;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    expectHead(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    super.handlerRemoved0(ctx);
    headCame();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    headCame();
    super.channelInactive(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int from = in.readerIndex();
    int before = out.size();
    super.decode(ctx, in, out);
    if (inHead) {
      scan(in, from);
    }
    for (Object part : out.subList(before, out.size())) {
      if (part instanceof HttpRequest request) {
        beginBody(request);
      }
      if (part instanceof LastHttpContent) {
        inHead = true;
      }
    }
    if (inHead && timer == null && out.size() == before && ctx.channel().isActive()) {
      expectHead(ctx);
    }
  }

  private void beginBody(HttpRequest request) {
    headCame();
    inHead = false;
    if (folded && request.decoderResult().isSuccess()) {
      request.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("a header goes on in a second line")));
    }
    folded = false;
    lineEnded = false;
  }

  /** Looks at what was taken: whole lines of a head, at most 12 KiB of them. */
  private void scan(ByteBuf in, int from) {
    for (int i = from; i < in.readerIndex(); i++) {
      byte octet = in.getByte(i);
      folded |= lineEnded && (octet == ' ' || octet == '\t');
      lineEnded = octet == '\n';
    }
  }

  private void expectHead(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> tooLate(ctx), deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tooLate(ChannelHandlerContext ctx) {
    if (ctx.channel().config().isAutoRead()) {
      late.run();
      ctx.close();
    } else {
      // Nothing is read from it now, since it has more requests under way than are taken at once.
      expectHead(ctx);
    }
  }

  private void headCame() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
