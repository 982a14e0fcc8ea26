package io.sluice.gateway.files;

import io.sluice.gateway.files.StoredFile.Terms;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form of an upload, whose parts may come in any order: what it says of the file is known for
 * sure only at its end. Used by one thread.
 */
final class UploadForm {
  private static final Set<String> FIELDS =
      Set.of("purpose", "expires_after[anchor]", "expires_after[seconds]");
  private static final int VALUE_BYTES_MAX = 256;
  private static final int FILENAME_CHARS_MAX = 512;
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final int SECONDS_MIN = 3_600;
  private static final int SECONDS_MAX = 2_592_000;

  private final Map<String, String> fields = new HashMap<>();
  private final FilesConfig config;
  private Optional<String> filename = Optional.empty();

  UploadForm(FilesConfig config) {
    this.config = config;
  }

  /** Reads it to its end, and writes the file into a draft. */
  Terms read(Multipart form, FileDraft draft, Quotas.Claim claim, InstantSource clock)
      throws IOException {
    for (Optional<Multipart.Part> part = form.next(); part.isPresent(); part = form.next()) {
      if (part.get().name().equals("file")) {
        file(part.get(), form, draft, claim);
      } else {
        field(part.get().name(), form);
      }
    }
    if (filename.isEmpty()) {
      throw OpenAiMembers.refusal("file", "missing_required_parameter", "'file' is missing.");
    }
    Purpose purpose = purpose();
    bound(draft.bytes(), config.bytesMax(purpose));
    return new Terms(filename.get(), purpose, expiresAt(purpose, clock.instant()));
  }

  private void file(Multipart.Part part, Multipart form, FileDraft draft, Quotas.Claim claim)
      throws IOException {
    String name = part.filename().filter(text -> !text.isEmpty()).orElse("upload");
    if (filename.isPresent() || name.length() > FILENAME_CHARS_MAX) {
      throw closing(
          "file",
          "invalid_value",
          "Send one 'file', whose name has at most " + FILENAME_CHARS_MAX + " characters.");
    }
    filename = Optional.of(name);
    long max = fields.containsKey("purpose") ? config.bytesMax(purpose()) : config.largest();
    byte[] some = new byte[CHUNK_BYTES];
    for (int got = form.read(some); got >= 0; got = form.read(some)) {
      bound(draft.bytes() + got, max);
      claim.take(got);
      draft.write(some, 0, got);
    }
  }

  private void field(String name, Multipart form) throws IOException {
    if (!FIELDS.contains(name)) {
      throw closing(name, "unknown_parameter", "Unknown parameter.");
    }
    byte[] value = new byte[VALUE_BYTES_MAX + 1];
    int length = 0;
    byte[] some = new byte[VALUE_BYTES_MAX];
    for (int got = form.read(some); got >= 0; got = form.read(some)) {
      if (length + got > VALUE_BYTES_MAX) {
        throw closing(name, "invalid_value", "It is too long.");
      }
      System.arraycopy(some, 0, value, length, got);
      length += got;
    }
    if (fields.put(name, new String(value, 0, length, StandardCharsets.UTF_8)) != null) {
      throw closing(name, "invalid_value", "It is given twice.");
    }
  }

  private Purpose purpose() {
    String text =
        Optional.ofNullable(fields.get("purpose"))
            .orElseThrow(
                () -> closing("purpose", "missing_required_parameter", "'purpose' is missing."));
    return Purpose.parse(text)
        .filter(Purpose::isUploaded)
        .orElseThrow(
            () ->
                closing(
                    "purpose",
                    "invalid_value",
                    "'purpose' is none of assistants, batch, evals, fine-tune, user_data, vision."));
  }

  private Optional<Instant> expiresAt(Purpose purpose, Instant now) {
    Optional<String> anchor = Optional.ofNullable(fields.get("expires_after[anchor]"));
    Optional<String> seconds = Optional.ofNullable(fields.get("expires_after[seconds]"));
    if (anchor.isEmpty() && seconds.isEmpty()) {
      return purpose == Purpose.BATCH
          ? Optional.of(now.plusSeconds(SECONDS_MAX))
          : Optional.empty();
    }
    if (!anchor.equals(Optional.of("created_at"))) {
      throw closing("expires_after[anchor]", "invalid_value", "'anchor' can only be created_at.");
    }
    return Optional.of(now.plus(seconds(seconds.orElse(""))));
  }

  private static Duration seconds(String text) {
    if (text.matches("[0-9]{1,9}")) {
      int seconds = Integer.parseInt(text);
      if (seconds >= SECONDS_MIN && seconds <= SECONDS_MAX) {
        return Duration.ofSeconds(seconds);
      }
    }
    throw closing(
        "expires_after[seconds]",
        "invalid_value",
        "'seconds' must be a whole number from " + SECONDS_MIN + " to " + SECONDS_MAX + ".");
  }

  private static void bound(long bytes, long max) {
    if (bytes > max) {
      throw ProblemCode.BODY_TOO_LARGE
          .with("At most " + max + " bytes are taken.")
          .member("limit", max)
          .closing()
          .refusal();
    }
  }

  private static Refusal closing(String param, String code, String detail) {
    return OpenAiMembers.refusal(param, code, detail).problem().closing().refusal();
  }
}
