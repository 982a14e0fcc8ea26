package io.sluice.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** TLS in front of a server that has none, as nginx does it. */
public final class TlsFront implements AutoCloseable {
  private final SSLServerSocket listening;
  private final int behind;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private TlsFront(SSLServerSocket listening, int behind) {
    this.listening = listening;
    this.behind = behind;
  }

  /**
   * Starts one on a free port of the loopback, for clients that show a certificate.
   *
   * @param tls the server's own certificate, and whom it trusts to vouch for clients
   * @param behind the port of the server on this host
   */
  public static TlsFront start(ClientTls tls, int behind) {
    return start(tls, behind, true);
  }

  /** The same, for any client. */
  public static TlsFront open(ClientTls tls, int behind) {
    return start(tls, behind, false);
  }

  private static TlsFront start(ClientTls tls, int behind, boolean certificates) {
    try {
      SSLServerSocket socket =
          (SSLServerSocket)
              tls.context()
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      socket.setNeedClientAuth(certificates);
      TlsFront front = new TlsFront(socket, behind);
      front.threads.submit(front::accept);
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("https://localhost:" + port());
  }

  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }

  private Void accept() throws IOException {
    while (true) {
      SSLSocket client = (SSLSocket) listening.accept();
      threads.submit(() -> join(client));
    }
  }

  private Void join(SSLSocket client) throws IOException {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      client.startHandshake();
      threads.submit(() -> pump(client, server));
      pump(server, client);
    }
    return null;
  }

  private static Void pump(Socket from, Socket to) throws IOException {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    }
    return null;
  }
}
