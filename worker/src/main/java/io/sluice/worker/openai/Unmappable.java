package io.sluice.worker.openai;

/**
 * A request has a part that this protocol has no word for: refused, since a drop would be silent.
 */
final class Unmappable extends Exception {
  Unmappable(String what) {
    super(what + ", which this model server's protocol cannot express.", null, false, false);
  }
}
