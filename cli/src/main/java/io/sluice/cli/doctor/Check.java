package io.sluice.cli.doctor;

import java.util.List;

/** One thing to look at. Runs on a virtual thread, and may block until it is interrupted. */
public interface Check {
  /** What is looked at: {@code redis}. */
  String about();

  /** What was found; what is thrown counts as failed. */
  List<Finding> look() throws Exception;
}
