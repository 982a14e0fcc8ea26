package io.sluice.redis;

import io.sluice.tls.ClientTls;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One look at a Redis, for diagnosis: what it says of itself (INFO). Over a socket of its own,
 * since the client library tells too little of why it cannot connect.
 */
public final class RedisLook {
  private static final int TIMEOUT_MILLIS = 2_500;
  private static final int LINE_BYTES_MAX = 1024;
  private static final int ANSWER_BYTES_MAX = 1024 * 1024;

  private final Map<String, String> info;

  private RedisLook(Map<String, String> info) {
    this.info = Map.copyOf(info);
  }

  /**
   * Logs in and asks. Blocks.
   *
   * @throws IOException with a sentence without the password
   * @throws IllegalArgumentException where the address or a file is wrong
   */
  public static RedisLook at(URI uri, ClientTls tls) throws IOException {
    RedisAddress address = RedisAddress.parse(uri);
    try (Socket socket = connect(address, tls)) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      if (address.password().isPresent()) {
        List<String> login = new ArrayList<>(List.of("AUTH"));
        address.user().ifPresent(login::add);
        login.add(address.password().get());
        ask(socket, in, login);
      }
      return new RedisLook(parsed(ask(socket, in, List.of("INFO"))));
    }
  }

  /** One of its values; empty if it has none of that name. */
  public String value(String name) {
    return info.getOrDefault(name, "");
  }

  private static Socket connect(RedisAddress address, ClientTls tls) throws IOException {
    URI server = URI.create(address.server());
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    if (!address.isTls()) {
      return plain;
    }
    SSLSocket socket =
        (SSLSocket)
            tls.context()
                .getSocketFactory()
                .createSocket(plain, server.getHost(), server.getPort(), true);
    SSLParameters parameters = ClientTls.parameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Sends a command, and returns its answer if it is not an error. */
  private static String ask(Socket socket, InputStream in, List<String> words) throws IOException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(ascii("*" + words.size() + "\r\n"));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      command.writeBytes(ascii("$" + bytes.length + "\r\n"));
      command.writeBytes(bytes);
      command.writeBytes(ascii("\r\n"));
    }
    socket.getOutputStream().write(command.toByteArray());
    return answer(in);
  }

  private static String answer(InputStream in) throws IOException {
    String line = line(in);
    if (line.startsWith("+")) {
      return line.substring(1);
    }
    if (!line.matches("\\$[0-9]{1,7}")) {
      throw new IOException(
          line.startsWith("-") ? "it says " + line.substring(1) : "what answers is not Redis");
    }
    int length = Integer.parseInt(line.substring(1));
    if (length > ANSWER_BYTES_MAX) {
      throw new IOException("its answer is too long");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0 || line.length() > LINE_BYTES_MAX) {
        throw new EOFException("what answers is not Redis, or it speaks TLS and nothing else");
      }
      line.append((char) b);
    }
    in.skipNBytes(1);
    return line.toString();
  }

  private static Map<String, String> parsed(String info) {
    Map<String, String> values = new HashMap<>();
    for (String line : info.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return values;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
