package io.sluice.gateway.batch;

/**
 * A line of an input file that is not blank.
 *
 * @param number from 1; blank lines count too
 * @param offset of its first byte in the file
 * @param text without its end; what fits, where it is too long
 * @param bytes of the whole line, without its end
 */
record InputLine(int number, long offset, byte[] text, int bytes) {
  boolean isWhole() {
    return text.length == bytes;
  }
}
