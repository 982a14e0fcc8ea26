package io.sluice.cli.compose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.codec.Json;
import io.sluice.file.AuditReader;
import io.sluice.file.FileAuditConfig;
import io.sluice.file.Flaw;
import io.sluice.file.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An audit log to be read, also while servers write it. Blocks. */
public final class AuditFolder {
  private static final Duration SEARCH_LIMIT = Duration.ofMinutes(2);
  private static final Pattern NOTED = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{64})");

  private final Path folder;
  private final AuditReader reader;

  private AuditFolder(FileAuditConfig config) {
    this.folder = config.folder();
    this.reader = new AuditReader(config);
  }

  /** The log of the settings; refuses where there is none. */
  public static AuditFolder of(AuditSettings settings, Path data) {
    FileAuditConfig config = Audits.config(settings, data);
    if (Stream.of(config.folder(), config.checkpoint(), config.key())
        .noneMatch(path -> Files.exists(path))) {
      throw new Refusal(
          Exit.USAGE,
          "there is no audit log in " + config.folder() + ": say which with --data or --audit-dir");
    }
    return new AuditFolder(config);
  }

  /** The newest entries that match, newest first. */
  public List<AuditEvent> search(AuditLog.Query query) {
    return reader.search(query, SEARCH_LIMIT);
  }

  /**
   * Reads the whole log and says what is wrong with it.
   *
   * @param noted {@code SEQ:HASH} of an entry that was noted before
   */
  public Check verify(Optional<String> noted) {
    Verdict verdict = reader.verify(noted.map(AuditFolder::noted));
    return new Check(verdict.flaw().isEmpty(), json(verdict), lines(verdict));
  }

  /**
   * @param json the same for a program
   * @param lines the same for a person
   */
  public record Check(boolean whole, ObjectNode json, List<String> lines) {}

  private static AuditReader.Noted noted(String text) {
    Matcher form = NOTED.matcher(text);
    if (!form.matches()) {
      throw new Refusal(Exit.USAGE, "--noted: SEQ:HASH as audit verify prints it");
    }
    return new AuditReader.Noted(Long.parseLong(form.group(1)), form.group(2));
  }

  private ObjectNode json(Verdict verdict) {
    ObjectNode json =
        Json.object()
            .put("folder", folder.toString())
            .put("whole", verdict.flaw().isEmpty())
            .put("entries", verdict.entries())
            .put("last", verdict.last())
            .put("hash", verdict.head());
    verdict
        .flaw()
        .ifPresent(
            flaw ->
                json.putObject("flaw")
                    .put("kind", kind(flaw).replace(' ', '_'))
                    .put("seq", flaw.seq())
                    .put("file", flaw.file().orElse(null))
                    .put("text", flaw.text()));
    verdict.notes().forEach(json.putArray("notes")::add);
    return json;
  }

  private List<String> lines(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %,d good %s"
            .formatted(folder, verdict.entries(), verdict.entries() == 1 ? "entry" : "entries"));
    lines.add("  last     " + verdict.last() + ":" + verdict.head());
    verdict.notes().forEach(note -> lines.add("  note     " + note));
    verdict
        .flaw()
        .ifPresentOrElse(
            flaw -> {
              lines.add("  flaw     " + kind(flaw) + " at entry " + flaw.seq() + in(flaw));
              lines.add("           " + flaw.text());
            },
            () -> lines.add("  whole    nothing was changed, removed, moved or put in"));
    return lines;
  }

  private static String in(Flaw flaw) {
    return flaw.file().map(file -> ", " + file).orElse("");
  }

  private static String kind(Flaw flaw) {
    return flaw.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
