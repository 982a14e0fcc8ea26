package io.sluice.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is passed on of requests that were sent ahead. */
class StrictDecoderTest {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private final Reader reader = new Reader();

  @Test
  void few_parts_are_passed_on_until_more_are_wanted_and_none_is_lost() {
    EmbeddedChannel channel = channel();
    channel.config().setAutoRead(false);
    channel.writeInbound(Unpooled.copiedBuffer(REQUEST.repeat(1_000), StandardCharsets.US_ASCII));
    channel.runPendingTasks();
    assertThat(reader.rounds).as("nobody wants more").hasSize(1);
    channel.config().setAutoRead(true);
    channel.runPendingTasks();
    assertThat(reader.rounds).allSatisfy(parts -> assertThat(parts).isBetween(1, 17));
    assertThat(reader.rounds.stream().mapToInt(parts -> parts).sum()).isBetween(1_000, 2_000);
  }

  private EmbeddedChannel channel() {
    StrictDecoder decoder =
        new StrictDecoder(new Http1ServerConfig(), Duration.ofSeconds(60), () -> {});
    return new EmbeddedChannel(decoder, decoder.wishes(), reader);
  }

  /** Counts the parts of each round. */
  private static final class Reader extends ChannelInboundHandlerAdapter {
    private final List<Integer> rounds = new ArrayList<>();
    private int parts;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
      parts++;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (parts > 0) {
        rounds.add(parts);
      }
      parts = 0;
    }
  }
}
