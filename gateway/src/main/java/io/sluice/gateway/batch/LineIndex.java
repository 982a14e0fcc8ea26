package io.sluice.gateway.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the requests of an input file are, in the order in which they are to run. Of 50,000 it has
 * 800 kB.
 *
 * @param model the one that all of them name, or nothing where they name several
 */
record LineIndex(String model, List<Place> places) {
  private static final int FORM = 1;
  private static final int PLACE_BYTES = 20;

  LineIndex {
    places = List.copyOf(places);
  }

  int size() {
    return places.size();
  }

  byte[] bytes() {
    byte[] name = model.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(12 + name.length + PLACE_BYTES * places.size());
    out.putInt(FORM).putInt(name.length).put(name).putInt(places.size());
    for (Place it : places) {
      out.putInt(it.piece()).putInt(it.number()).putLong(it.offset()).putInt(it.bytes());
    }
    return out.array();
  }

  static LineIndex parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int form = in.getInt();
    if (form != FORM) {
      throw new IllegalStateException("an index of lines of a form that is not known: " + form);
    }
    byte[] name = new byte[in.getInt()];
    in.get(name);
    int size = in.getInt();
    List<Place> places = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      places.add(new Place(in.getInt(), in.getInt(), in.getLong(), in.getInt()));
    }
    return new LineIndex(new String(name, java.nio.charset.StandardCharsets.UTF_8), places);
  }

  /**
   * Where one request is.
   *
   * @param piece its number in the batch, from 0, in the order of the file
   * @param number of its line, from 1
   * @param offset of its first byte
   * @param bytes of its line
   */
  record Place(int piece, int number, long offset, int bytes) {}
}
