package io.sluice.file;

import io.sluice.codec.Sha256;
import io.sluice.file.Flaw.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * One reading of a whole log. The checkpoint is read before the files, so that what is written
 * meanwhile only adds to what it speaks of.
 */
final class Verification {
  private final FileAuditConfig config;
  private final Optional<AuditReader.Noted> noted;
  private final LogFiles files;
  private final MessageDigest sha = Sha256.digest();
  private final WritersNotes notes = new WritersNotes();
  private Checkpoint checkpoint = Checkpoint.EMPTY;
  private Optional<Flaw> flaw = Optional.empty();
  private long entries;
  private long last;
  private String hash = Link.NONE;
  private boolean begun;
  private boolean notedWasMet;

  Verification(FileAuditConfig config, Optional<AuditReader.Noted> noted) {
    this.config = config;
    this.noted = noted;
    this.files = new LogFiles(config.folder());
  }

  Verdict run() throws IOException {
    Optional<Checkpoint> signed = checkpoint();
    checkpoint = signed.orElse(Checkpoint.EMPTY);
    List<LogFiles.LogFile> all = files.all();
    for (int at = 0; at < all.size() && flaw.isEmpty(); at++) {
      read(all.get(at), at == all.size() - 1);
    }
    if (flaw.isEmpty()) {
      flaw = signed.isPresent() ? atTheEnd(signed.get()) : unsigned();
      tellUnsigned();
    }
    if (entries == 0 && flaw.isEmpty()) {
      notes.add("there are no entries yet");
    }
    return new Verdict(entries, last, hash, flaw, notes.all());
  }

  private Optional<Checkpoint> checkpoint() throws IOException {
    Optional<AuditKey> key = AuditKey.read(config.key());
    return key.isPresent()
        ? new CheckpointFile(config.checkpoint()).read(key.get())
        : Optional.empty();
  }

  private void read(LogFiles.LogFile file, boolean newest) throws IOException {
    try (LinesForwards lines = LinesForwards.open(file.path())) {
      while (flaw.isEmpty() && lines.next()) {
        if (!lines.ended() && newest) {
          notes.add(
              "the last line of "
                  + file.name()
                  + " is not ended: it is being written, or a"
                  + " process was killed; the next one to write mends it");
          return;
        }
        Optional<Link> link = Link.read(lines.bytes(), lines.from(), lines.to(), sha);
        flaw = check(file, link);
        if (flaw.isEmpty()) {
          accept(file, lines, link.orElseThrow());
        }
      }
    }
  }

  private void accept(LogFiles.LogFile file, LinesForwards lines, Link link) {
    entries++;
    last = link.seq();
    hash = link.hash();
    begun = true;
    flaw = againstOutside(file, link);
    if (flaw.isEmpty()) {
      flaw =
          notes
              .read(link.seq(), lines)
              .map(found -> new Flaw(Kind.FOUND_BEFORE, last, Optional.of(file.name()), found));
    }
  }

  private Optional<Flaw> check(LogFiles.LogFile file, Optional<Link> read) throws IOException {
    long expected = begun ? last + 1 : checkpoint.first();
    if (read.isEmpty() || !read.get().intact()) {
      return flaw(Kind.CHANGED, expected, file, "entry " + expected + " was changed");
    }
    Link link = read.get();
    if (!begun) {
      return first(file, link);
    }
    if (link.seq() == expected) {
      return link.prev().equals(hash)
          ? Optional.empty()
          : flaw(
              Kind.INSERTED,
              expected,
              file,
              "entry " + expected + " does not follow the one before it: one of them was put in");
    }
    if (link.seq() < expected) {
      return flaw(
          Kind.INSERTED,
          link.seq(),
          file,
          "entry " + link.seq() + " comes again after " + last + ": a line was put in");
    }
    return gap(file, link, expected);
  }

  /** The first line of the log. */
  private Optional<Flaw> first(LogFiles.LogFile file, Link link) throws IOException {
    long expected = checkpoint.first();
    if (checkpoint.turn() == 0) {
      // Nobody knows where it begins; that there is no checkpoint is told at the end.
      return Optional.empty();
    }
    if (link.seq() > expected) {
      return gap(file, link, expected);
    }
    boolean right =
        link.seq() < expected
            ? link.seq() == file.first() && (link.seq() > 1 || link.prev().equals(Link.NONE))
            : link.prev().equals(checkpoint.firstPrev());
    return right
        ? Optional.empty()
        : flaw(Kind.REPLACED, link.seq(), file, "the log does not begin as the checkpoint says");
  }

  /** Entries are missing before this one, or come later. */
  private Optional<Flaw> gap(LogFiles.LogFile file, Link link, long expected) throws IOException {
    String missing =
        link.seq() == expected + 1
            ? "entry " + expected + " is missing"
            : "entries " + expected + " to " + (link.seq() - 1) + " are missing";
    if (hasLater(file, expected)) {
      return flaw(
          Kind.REORDERED,
          expected,
          file,
          "entry " + link.seq() + " stands before entry " + expected);
    }
    if (link.seq() == file.first()) {
      return flaw(
          Kind.FILE_MISSING,
          expected,
          files.beginning(expected),
          missing + ": a whole file before " + file.name() + " was removed");
    }
    return flaw(Kind.REMOVED, expected, file, missing);
  }

  private boolean hasLater(LogFiles.LogFile file, long seq) throws IOException {
    try (LinesForwards lines = LinesForwards.open(file.path())) {
      while (lines.next()) {
        Optional<Link> link = Link.read(lines.bytes(), lines.from(), lines.to(), sha);
        if (link.isPresent() && link.get().seq() == seq) {
          return true;
        }
      }
      return false;
    }
  }

  private Optional<Flaw> againstOutside(LogFiles.LogFile file, Link link) {
    if (link.seq() == checkpoint.seq() && !link.hash().equals(checkpoint.hash())) {
      return flaw(
          Kind.REPLACED,
          link.seq(),
          file,
          "entry "
              + link.seq()
              + " is not the one of the checkpoint: this entry or any before it"
              + " was replaced, and all after it chained anew");
    }
    if (noted.filter(it -> it.seq() == link.seq()).isEmpty()) {
      return Optional.empty();
    }
    notedWasMet = true;
    if (!noted.get().hash().equals(link.hash())) {
      return flaw(
          Kind.REPLACED,
          link.seq(),
          file,
          "entry " + link.seq() + " is not the one that was noted");
    }
    return Optional.empty();
  }

  private Optional<Flaw> atTheEnd(Checkpoint signed) {
    if (last < signed.seq()) {
      return Optional.of(
          new Flaw(
              Kind.CUT,
              last + 1,
              Optional.empty(),
              "the log ends at entry "
                  + last
                  + ", the checkpoint says "
                  + signed.seq()
                  + ": it was cut at the end"));
    }
    if (noted.filter(it -> it.seq() > last).isPresent()) {
      return Optional.of(
          new Flaw(
              Kind.CUT,
              last + 1,
              Optional.empty(),
              "the log ends at entry " + last + ", before the one that was noted"));
    }
    if (noted.isPresent() && !notedWasMet) {
      return Optional.of(
          new Flaw(
              Kind.REMOVED,
              noted.get().seq(),
              Optional.empty(),
              "entry "
                  + noted.get().seq()
                  + ", which was noted, is no longer in the log; it cannot be compared"));
    }
    return Optional.empty();
  }

  /** Entries that nobody has signed are a moment old, or somebody else's. */
  private void tellUnsigned() throws IOException {
    long signed = checkpoint().map(Checkpoint::seq).orElse(last);
    if (signed < last) {
      notes.add(
          "no checkpoint has signed entries "
              + (signed + 1)
              + " to "
              + last
              + ": a server is writing them, was killed before it did, or somebody else wrote them");
    }
  }

  private Optional<Flaw> unsigned() {
    if (entries == 0
        && !Files.exists(config.key())
        && !new CheckpointFile(config.checkpoint()).exists()) {
      return Optional.empty();
    }
    String doubt =
        entries == 0
            ? ": no server has begun this log, or everything was removed"
            : ": nobody can say whether the end was cut";
    return Optional.of(
        new Flaw(
            Kind.NO_CHECKPOINT,
            last + 1,
            Optional.empty(),
            "there is no checkpoint that "
                + config.key()
                + " has signed in "
                + config.checkpoint()
                + doubt));
  }

  private static Optional<Flaw> flaw(Kind kind, long seq, LogFiles.LogFile file, String text) {
    return Optional.of(new Flaw(kind, seq, Optional.of(file.name()), text));
  }
}
