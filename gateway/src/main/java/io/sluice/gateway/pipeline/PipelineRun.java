package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.FileStore;
import io.sluice.Pool;
import io.sluice.TokenCounter;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.BulkJobs;
import io.sluice.gateway.bulk.JobGroup;
import io.sluice.gateway.bulk.Journal;
import io.sluice.gateway.bulk.JournalTail;
import io.sluice.gateway.bulk.Undertaking;
import io.sluice.gateway.bulk.Watch;
import io.sluice.gateway.pipeline.Reduction.Reduced;
import io.sluice.gateway.pipeline.task.Answer;
import io.sluice.gateway.pipeline.task.Prompts;
import io.sluice.gateway.pipeline.task.Room;
import io.sluice.gateway.pipeline.task.Task;
import io.sluice.gateway.pipeline.task.Wish;
import io.sluice.gateway.submit.Models;
import io.sluice.tokens.TokenCounters;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives pipelines: some documents at a time, each to its result, which is written down when it is
 * there. What is done twice comes to the same, since every part is one job under its name, and the
 * journal takes one result for each document.
 */
final class PipelineRun implements Undertaking {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);

  /** Documents of one pipeline that are at work at a time. */
  private static final int DOCUMENTS_AT_ONCE = 8;

  /** The texts of all documents at work in this gateway, in units of 64 Ki characters. */
  private static final int TEXT_UNITS = 1_024;

  private static final int UNIT_CHARS = 64 * 1_024;

  private final Parts parts;
  private final Map<PipelineId, Progress> driven = new ConcurrentHashMap<>();
  private final Semaphore textUnits = new Semaphore(TEXT_UNITS, true);

  PipelineRun(Parts parts) {
    this.parts = parts;
  }

  /**
   * What pipelines are driven with.
   *
   * @param promptTokensMax the absolute cap on prompts
   */
  record Parts(
      FileStore store,
      Texts texts,
      BulkJobs jobs,
      Models models,
      int promptTokensMax,
      InstantSource clock,
      PipelineConfig config,
      PipelineMeters meters) {}

  @Override
  public String kind() {
    return "pipeline";
  }

  @Override
  public void drive(Opened opened) throws InterruptedException {
    PipelineFolder folder =
        new PipelineFolder(parts.store(), opened.tenant(), new PipelineId(opened.id()));
    Optional<Pipeline> pipeline = folder.pipeline();
    if (pipeline.isPresent() && folder.ended().isEmpty()) {
      run(folder, pipeline.get());
    }
  }

  /** How far one is, if this gateway drives it now. */
  Optional<Progress> progress(PipelineId id) {
    return Optional.ofNullable(driven.get(id));
  }

  private void run(PipelineFolder folder, Pipeline pipeline) throws InterruptedException {
    Progress progress = new Progress();
    try {
      run(folder, pipeline, progress);
    } finally {
      driven.remove(pipeline.id());
    }
  }

  private void run(PipelineFolder folder, Pipeline pipeline, Progress progress)
      throws InterruptedException {
    JobGroup.Terms whose =
        new JobGroup.Terms(pipeline.id().value(), pipeline.caller(), pipeline.expiresAt());
    try (JobGroup group = parts.jobs().group(whose);
        Watch watch = Watch.start(group, folder::controls, parts.clock());
        Journal journal =
            Journal.open(parts.store(), folder.journal(), known -> progress.before(known.json()));
        BufferedReader documents = folder.documents()) {
      driven.put(pipeline.id(), progress);
      Work work = new Work(folder, pipeline, group, watch, journal, progress);
      work.documents(documents);
      if (pipeline.wish().task() == Task.QUESTION && !journal.has(pipeline.documents())) {
        work.conclude();
      }
      journal.flush();
      String status = watch.stop().map(Fault::status).orElse("completed");
      folder.end(Json.object().put("status", status).put("at", now()));
      parts.meters().ended(status);
      LOG.info("{} ended: {}, {} documents", pipeline.id(), status, pipeline.documents());
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
  }

  private long now() {
    return parts.clock().instant().toEpochMilli();
  }

  private DocumentRun.Terms terms(Pipeline pipeline) {
    Wish wish = pipeline.wish();
    List<Pool> pools = parts.models().named(wish.model());
    if (pools.isEmpty()) {
      throw new Unavailable("model", wish.model() + " is not served here now");
    }
    TokenCounter counter = TokenCounters.forModel(pools.getFirst().model());
    return new DocumentRun.Terms(
        wish,
        new Prompts(wish, pipeline.id().mark()),
        Room.of(wish, counter, pools, parts.promptTokensMax()),
        counter,
        parts.config().partsMax());
  }

  /** One pipeline at work. */
  private final class Work {
    private final PipelineFolder folder;
    private final Pipeline pipeline;
    private final JobGroup group;
    private final Watch watch;
    private final Journal journal;
    private final Progress progress;

    private Work(
        PipelineFolder folder,
        Pipeline pipeline,
        JobGroup group,
        Watch watch,
        Journal journal,
        Progress progress) {
      this.folder = folder;
      this.pipeline = pipeline;
      this.group = group;
      this.watch = watch;
      this.journal = journal;
      this.progress = progress;
    }

    private void documents(BufferedReader lines) throws InterruptedException {
      Lines left = new Lines(lines);
      List<Callable<Void>> workers = new ArrayList<>();
      for (int i = 0; i < DOCUMENTS_AT_ONCE; i++) {
        workers.add(() -> documents(left));
      }
      Asking.together(workers);
    }

    private Void documents(Lines left) throws InterruptedException {
      for (Optional<Source> next = left.next(journal);
          next.isPresent();
          next = left.next(journal)) {
        ObjectNode result = anyhow(next.get());
        if (journal.add(next.get().index(), result)) {
          parts.meters().document(result);
        }
      }
      return null;
    }

    /** One document that nobody thought of must not keep a pipeline from its end. */
    private ObjectNode anyhow(Source source) throws InterruptedException {
      try {
        return document(source);
      } catch (Unavailable away) {
        throw away;
      } catch (RuntimeException | StackOverflowError bug) {
        LOG.error("document {} of {} failed by a fault here", source.index(), pipeline.id(), bug);
        Fault fault = new Fault("internal_error", "Something went wrong here; the log has it.");
        return DocumentRun.none(source, Texts.About.NONE, fault);
      }
    }

    private ObjectNode document(Source source) throws InterruptedException {
      if (!watch.mayGoOn()) {
        return DocumentRun.none(source, Texts.About.NONE, Fault.of(watch.stop().orElseThrow()));
      }
      Texts.About about = parts.texts().about(folder, source);
      if (about.fault().isPresent()) {
        return DocumentRun.none(source, about, about.fault().get());
      }
      int units = Math.min(1 + about.characters() / UNIT_CHARS, TEXT_UNITS);
      textUnits.acquire(units);
      try {
        String text = Texts.read(folder, source.index());
        return new DocumentRun(terms(pipeline), source, about, new Asking(group, watch, progress))
            .run(text);
      } finally {
        textUnits.release(units);
      }
    }

    /** What all documents together say to the question. */
    private void conclude() throws InterruptedException {
      journal.flush();
      List<Answer.Good> said = new ArrayList<>();
      ArrayNode sources = Json.MAPPER.createArrayNode();
      JournalTail tail = JournalTail.open(parts.store(), folder.journal(), 0);
      for (List<Journal.Entry> some = tail.more(); !some.isEmpty(); some = tail.more()) {
        some.forEach(entry -> note(entry.json(), said, sources));
      }
      Asking asking = new Asking(group, watch, progress);
      Outcome outcome =
          said.isEmpty() || watch.stop().isPresent()
              ? nothing()
              : outcome(reduction(asking).of(said, false));
      ObjectNode line = Json.object();
      line.putNull("document");
      line.put("status", outcome.status().name().toLowerCase(Locale.ROOT));
      line.set("result", outcome.result());
      line.set("error", outcome.error().map(Fault::json).orElse(null));
      line.set("sources", sources);
      line.set("usage", asking.usage());
      journal.add(pipeline.documents(), line);
    }

    private Outcome nothing() {
      return watch
          .stop()
          .map(why -> Outcome.failed(Fault.of(why)))
          .orElseGet(() -> Outcome.of(NullNode.getInstance(), true));
    }

    private static void note(JsonNode result, List<Answer.Good> said, ArrayNode sources) {
      if (!result.path("result").isTextual()) {
        return;
      }
      JsonNode document = result.path("document");
      String name =
          document.path("filename").asText("document " + (document.path("index").asInt() + 1));
      said.add(
          new Answer.Good(
              TextNode.valueOf(name + ": " + result.path("result").textValue()), false));
      for (JsonNode part : result.path("parts")) {
        JsonNode answer = part.path("answer");
        if (answer.isTextual() || answer.path("found").asBoolean()) {
          sources
              .addObject()
              .put("document", document.path("index").asInt())
              .put("part", part.path("index").asInt());
        }
      }
    }

    private Reduction reduction(Asking asking) {
      DocumentRun.Terms terms = terms(pipeline);
      return new Reduction(
          asking,
          "all",
          terms.counter(),
          terms.room().reduce(),
          texts -> terms.prompts().conclude(texts),
          (answer, isCut) -> Answer.ofSeveral(terms.wish(), answer, isCut));
    }

    private static Outcome outcome(Reduced reduced) {
      return switch (reduced) {
        case Reduced.Whole(Answer.Good good) -> Outcome.of(good.value(), !good.isCut());
        case Reduced.Failed(Fault why) -> Outcome.failed(why);
        case Reduced.Stopped(Fault why) -> Outcome.failed(why);
      };
    }
  }

  /** The documents that are left, handed out one by one. Safe from any thread. */
  private static final class Lines {
    private final BufferedReader lines;
    private int index;

    private Lines(BufferedReader lines) {
      this.lines = lines;
    }

    /** The next one without a result. */
    private synchronized Optional<Source> next(Journal journal) {
      try {
        String line = lines.readLine();
        while (line != null && journal.has(index)) {
          index++;
          line = lines.readLine();
        }
        return line == null
            ? Optional.empty()
            : Optional.of(Source.parse(index++, Json.parse(line)));
      } catch (IOException e) {
        throw new Unavailable("files", e.toString(), e);
      }
    }
  }
}
