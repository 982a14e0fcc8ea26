package io.sluice.gateway;

import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.sluice.tls.ClientTls;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of HTTP/2 that sends the frames that it is told to, proper or not. */
final class Http2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int PRIORITY = 32;

  final List<Frame> frames = new CopyOnWriteArrayList<>();
  final Map<Integer, Http2Headers> answers = new ConcurrentHashMap<>();
  volatile boolean closed;
  private final SSLSocket socket;
  private final Thread reader;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  /** A frame that arrived. */
  record Frame(int type, int flags, int stream, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The error code of a reset, or of a farewell. */
    int error() {
      int at = type == GOAWAY ? 7 : 3;
      return payload[at];
    }
  }

  private Http2Client(SSLSocket socket) {
    this.socket = socket;
    this.reader = Thread.ofVirtual().unstarted(this::read);
  }

  static Http2Client connect(int port, ClientTls trust) throws IOException {
    SSLSocket socket =
        (SSLSocket) trust.context().getSocketFactory().createSocket("localhost", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!"h2".equals(socket.getApplicationProtocol())) {
      throw new AssertionError("no HTTP/2: " + socket.getApplicationProtocol());
    }
    Http2Client client = new Http2Client(socket);
    client
        .socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    client.send(SETTINGS, 0, 0, new byte[0]);
    client.reader.start();
    return client;
  }

  /** Begins a request with these headers beside the four that every one has. */
  void request(int stream, boolean end, String method, String path, String... headers)
      throws IOException {
    send(
        HEADERS,
        END_HEADERS | (end ? END_STREAM : 0),
        stream,
        block(stream, method, path, headers));
  }

  byte[] block(int stream, String method, String path, String... headers) {
    Http2Headers all =
        new DefaultHttp2Headers(false)
            .method(method)
            .scheme("https")
            .authority("localhost")
            .path(path);
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, all, out);
      return ByteBufUtil.getBytes(out);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    } finally {
      out.release();
    }
  }

  synchronized void send(int type, int flags, int stream, byte[] payload) throws IOException {
    byte[] frame = new byte[9 + payload.length];
    frame[0] = (byte) (payload.length >> 16);
    frame[1] = (byte) (payload.length >> 8);
    frame[2] = (byte) payload.length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[7] = (byte) (stream >> 8);
    frame[8] = (byte) stream;
    System.arraycopy(payload, 0, frame, 9, payload.length);
    socket.getOutputStream().write(frame);
  }

  /** Takes a request back. */
  void cancel(int stream) throws IOException {
    send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** The status of an answer, once it is there. */
  String status(int stream) {
    await().until(() -> answers.containsKey(stream));
    return answers.get(stream).status().toString();
  }

  /** The first frame of a type on a stream, once it is there. */
  Frame frame(int type, int stream) {
    await().until(() -> find(type, stream) != null);
    return find(type, stream);
  }

  /** All text that a stream has brought so far. */
  String text(int stream) {
    StringBuilder text = new StringBuilder();
    frames.stream()
        .filter(frame -> frame.type() == DATA && frame.stream() == stream)
        .forEach(frame -> text.append(frame.text()));
    return text.toString();
  }

  private Frame find(int type, int stream) {
    return frames.stream()
        .filter(frame -> frame.type() == type && frame.stream() == stream)
        .findFirst()
        .orElse(null);
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & 0x7fffffff;
        byte[] payload = in.readNBytes(length);
        if (type == HEADERS) {
          int priority = (flags & PRIORITY) == 0 ? 0 : 5;
          ByteBuf block = Unpooled.wrappedBuffer(payload, priority, length - priority);
          answers.putIfAbsent(stream, decoder.decodeHeaders(stream, block));
        }
        frames.add(new Frame(type, flags, stream, payload));
      }
    } catch (IOException | Http2Exception e) {
      closed = true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
