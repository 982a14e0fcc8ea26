package io.sluice.documents.reading;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;

/**
 * The process that reads documents, started by a server and ended by it. It works in the folder
 * that it is started in, which is its own and goes with it.
 */
public final class ReadingMain {
  /** Deep enough for every honest document; a dishonest one ends here and not in the heap. */
  private static final long STACK_BYTES = 4L << 20;

  private ReadingMain() {}

  /** Takes no arguments: everything comes over the standard input. */
  public static void main(String[] arguments) {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    // A library that prints would break what is said to the server.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    SynchronousQueue<Received> turn = new SynchronousQueue<>();
    new Thread(null, new Answers(turn, out), "reading", STACK_BYTES).start();
    new Intake(in, turn, Path.of("").toAbsolutePath()).run();
  }
}
