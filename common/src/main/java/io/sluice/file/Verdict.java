package io.sluice.file;

import java.util.List;
import java.util.Optional;

/**
 * What a check of a log found.
 *
 * @param entries how many were good, from the first on
 * @param last the last good entry; 0 if there is none
 * @param head its hash: whoever keeps both elsewhere can prove later that nothing before changed
 * @param notes what is no flaw but worth knowing
 */
public record Verdict(
    long entries, long last, String head, Optional<Flaw> flaw, List<String> notes) {
  public Verdict {
    notes = List.copyOf(notes);
  }
}
