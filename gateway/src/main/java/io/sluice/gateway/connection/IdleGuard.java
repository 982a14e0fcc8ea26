package io.sluice.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import io.sluice.Subscription;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps connections open on which nothing moves because the gateway has yet to answer. Every wait
 * has a deadline of its own. Belongs to the event loop of the connection.
 */
public final class IdleGuard extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<AtomicInteger> HELD = AttributeKey.valueOf("sluice.held");

  private IdleGuard() {}

  static void install(ChannelPipeline pipeline) {
    ChannelHandlerContext idle = pipeline.context(IdleStateHandler.class);
    if (idle != null) {
      pipeline.addAfter(idle.name(), null, new IdleGuard());
    }
  }

  /** The connection of this request may be idle, until this is closed. */
  public static Subscription hold(HttpServerRequest request) {
    if (!(request.connection() instanceof HttpServerConnection connection)) {
      return () -> {};
    }
    AtomicInteger held = held(connection.channelHandlerContext().channel());
    held.incrementAndGet();
    return held::decrementAndGet;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof IdleStateEvent) || held(ctx.channel()).get() == 0) {
      ctx.fireUserEventTriggered(event);
    }
  }

  private static AtomicInteger held(Channel channel) {
    channel.attr(HELD).setIfAbsent(new AtomicInteger());
    return channel.attr(HELD).get();
  }
}
