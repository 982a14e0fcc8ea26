package io.sluice.documents.reading;

import java.nio.file.Path;

/**
 * A document as it came.
 *
 * @param filename its owner's name for it, which names no file here
 */
record Received(Path file, String filename, int charactersMax) {}
