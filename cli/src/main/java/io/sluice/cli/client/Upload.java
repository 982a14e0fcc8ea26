package io.sluice.cli.client;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * One file on its way to a server, as {@code multipart/form-data} (RFC 7578). It is read as it is
 * sent, and is never whole in memory.
 *
 * @param name what the server is to call it
 * @param purpose as OpenAI names them: {@code batch} or {@code user_data}
 * @param kept for how long the server is to keep it
 * @param sent told of bytes as they go out; from any thread, and again where they go out again
 */
public record Upload(Path file, String name, String purpose, Duration kept, LongConsumer sent) {
  private static final Duration SHORTEST = Duration.ofMinutes(2);
  private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

  /** A body, and the header that says where its parts end. */
  record Body(String contentType, BodyPublisher bytes, Duration timeout) {}

  Body body() throws IOException {
    String boundary = "sluice-" + UUID.randomUUID();
    long size = Files.size(file);
    String head =
        field(boundary, "purpose", purpose)
            + field(boundary, "expires_after[anchor]", "created_at")
            + field(boundary, "expires_after[seconds]", Long.toString(kept.toSeconds()))
            + "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + quoted(name)
            + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    BodyPublisher content =
        BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(size)), size);
    return new Body(
        "multipart/form-data; boundary=" + boundary,
        BodyPublishers.concat(
            text(head),
            size == 0 ? BodyPublishers.noBody() : content,
            text("\r\n--" + boundary + "--\r\n")),
        SHORTEST.plusSeconds(size / SLOWEST_BYTES_PER_SECOND));
  }

  private CountedStream open(long size) {
    return CountedStream.open(file, size, sent);
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
  }

  private static String field(String boundary, String name, String value) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  /** As browsers write names: the HTML standard's "multipart/form-data encoding algorithm". */
  private static String quoted(String name) {
    return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }
}
