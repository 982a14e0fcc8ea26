package io.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelOutboundHandlerAdapter;
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
 * Reads the requests of one connection of HTTP/1, and does three things that its parents do not:
 * the head of a request has an absolute deadline, from its first byte (of the first request: from
 * the start of the connection) to its end; a header that goes on in a second line (RFC 9112 section
 * 5.2) makes the request unreadable instead of being joined unseen; and of what was received at
 * once few parts are passed on at a time, since who they are for can only say after each round that
 * nothing more is taken. So requests that were sent ahead wait as bytes.
 *
 * <p>It relies on its parent returning from {@code decode} where a head ends. All of it belongs to
 * the event loop of the connection.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  /**
   * Parts of requests in a round; a request without a body has two. Fewer than 8 wait before it, or
   * there is no round: that makes 14 requests at most, one of them being answered.
   */
  private static final int PARTS_MAX = 16;

  private final Duration deadline;
  private final Runnable late;
  private boolean inHead = true;
  private boolean lineEnded;
  private boolean folded;
  private int parts;
  private boolean held;
  private ChannelHandlerContext own;
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
    own = ctx;
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
    if (parts >= PARTS_MAX) {
      held = true;
      return;
    }
    int from = in.readerIndex();
    int before = out.size();
    super.decode(ctx, in, out);
    parts += out.size() - before;
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

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    parts = 0;
    super.channelReadComplete(ctx);
  }

  /** Sees that more is wanted: after each round, or when enough was answered. */
  ChannelOutboundHandler wishes() {
    return new ChannelOutboundHandlerAdapter() {
      @Override
      public void read(ChannelHandlerContext ctx) throws Exception {
        super.read(ctx);
        goOn();
      }
    };
  }

  private void goOn() {
    if (held) {
      own.executor().execute(this::round);
    }
  }

  private void round() {
    if (!held || own.isRemoved() || !own.channel().config().isAutoRead()) {
      return;
    }
    held = false;
    try {
      channelRead(own, Unpooled.EMPTY_BUFFER);
      channelReadComplete(own);
    } catch (Exception e) {
      own.fireExceptionCaught(e);
    }
    goOn();
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
