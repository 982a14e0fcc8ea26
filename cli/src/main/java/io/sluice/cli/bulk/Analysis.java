package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.util.List;

/**
 * The documents of an analysis, as a command names them.
 *
 * @param named files, folders and patterns
 * @param includes patterns of which a file in a folder must match one, if there are any
 * @param excludes patterns of which it may match none
 */
public record Analysis(List<String> named, List<String> includes, List<String> excludes) {
  /** Finds them, says what was left out, and begins. */
  public Exit begin(Surroundings around, Course course, ObjectNode request) {
    DocumentSearch search = new DocumentSearch(includes, excludes);
    List<FoundDocument> documents = search.find(named);
    search.skipped().lines().forEach(around.line()::say);
    List<String> doubtful = KnownTypes.doubtful(documents);
    if (!doubtful.isEmpty()) {
      around.line().say("perhaps no documents: " + Skipped.names(doubtful));
    }
    if (documents.isEmpty()) {
      throw new Refusal(Exit.USAGE, "there is no document in " + String.join(", ", named));
    }
    return course.begin(request, documents, true);
  }
}
