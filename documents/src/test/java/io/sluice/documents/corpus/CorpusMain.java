package io.sluice.documents.corpus;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a corpus: {@code N FOLDER [SOURCE]}. Prints each file's name and where it is from. */
public final class CorpusMain {
  private CorpusMain() {}

  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments.length > 2 ? arguments[2] : "/usr/share/doc");
    new Corpus(source)
        .write(Path.of(arguments[1]), Integer.parseInt(arguments[0]))
        .forEach(System.out::println);
  }
}
