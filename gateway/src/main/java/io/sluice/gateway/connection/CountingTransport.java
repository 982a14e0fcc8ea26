package io.sluice.gateway.connection;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The ordinary transport of Vert.x, with a handler on each listening socket: the one place that
 * sees a connection before it has a pipeline.
 */
final class CountingTransport extends NioTransport implements Transport {
  private final OpenConnections connections;

  CountingTransport(OpenConnections connections) {
    this.connections = connections;
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(config, domainSocket, bootstrap);
    bootstrap.handler(new Acceptor());
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }

  /** Counts what a listening socket accepts; its messages are connections. */
  @ChannelHandler.Sharable
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      if (accepted instanceof Channel channel
          && channel.remoteAddress() instanceof InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (!connections.enter(address)) {
          channel.unsafe().closeForcibly();
          return;
        }
        channel.closeFuture().addListener(closed -> connections.leave(address));
      }
      ctx.fireChannelRead(accepted);
    }
  }
}
