package io.sluice.gateway.bulk;

/** A kind of work that takes hours: batches, or pipelines. */
public interface Undertaking {
  /** What it is called in names of files, offices and threads: {@code batch}. */
  String kind();

  /**
   * Drives one to its end from where it stands, on a virtual thread of its own, and returns when
   * nothing is left to do. Must do no harm where another gateway does the same at the same time.
   *
   * @throws InterruptedException when this gateway is to let go of it, as it is
   */
  void drive(Opened opened) throws InterruptedException;

  /**
   * One that was opened and has not ended.
   *
   * @param id 1 to 100 characters of {@code a-z A-Z 0-9 _ -}; ids sort by the time of their
   *     creation
   */
  record Opened(String id, String tenant) {}
}
