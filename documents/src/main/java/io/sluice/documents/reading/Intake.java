package io.sluice.documents.reading;

import io.sluice.documents.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;

/**
 * Takes documents in, each into a file. It listens while one is read too: when the server is gone,
 * however it went, its input ends, and so does this process.
 */
final class Intake {
  private final DataInputStream in;
  private final SynchronousQueue<Received> turn;
  private final Path folder;

  Intake(DataInputStream in, SynchronousQueue<Received> turn, Path folder) {
    this.in = in;
    this.turn = turn;
    this.folder = folder;
  }

  void run() {
    try {
      while (in.read() == Wire.DOCUMENT) {
        Optional<Received> received = receive();
        if (received.isPresent()) {
          turn.put(received.get());
        }
      }
    } catch (IOException | InterruptedException gone) {
      // Nobody is left to be told.
    } finally {
      removeFolder();
      Runtime.getRuntime().halt(0);
    }
  }

  private Optional<Received> receive() throws IOException {
    String filename = in.readUTF();
    int charactersMax = in.readInt();
    Path file = folder.resolve("document");
    try (OutputStream out = Files.newOutputStream(file)) {
      int count;
      while ((count = in.readInt()) > 0) {
        out.write(in.readNBytes(count));
      }
      return count == Wire.WHOLE
          ? Optional.of(new Received(file, filename, charactersMax))
          : Optional.empty();
    }
  }

  private void removeFolder() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException inUse) {
      // The server removes it, if there still is one.
    }
  }
}
