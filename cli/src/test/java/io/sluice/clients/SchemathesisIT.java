package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that PyPI {@code schemathesis} makes from the OpenAPI page, right ones and wrong ones:
 * none is answered with a 5xx, and none otherwise than the page says.
 */
class SchemathesisIT {
  private static final Pattern SELECTED =
      Pattern.compile("Selected: (\\d+)/(\\d+)\\s+Tested: (\\d+)");
  private static final int LIMIT_SECONDS = 400;

  @Test
  void every_answer_is_one_that_the_page_describes(@TempDir Path folder) {
    Path python = Drivers.python("schemathesis.txt").python();
    try (ServedSluice sluice = start(folder)) {
      String told = run(python.resolveSibling("schemathesis"), sluice, folder);
      MatchResult operations =
          SELECTED.matcher(told).results().findFirst().orElseThrow(() -> new AssertionError(told));
      assertThat(operations.group(3)).as(told).isEqualTo(operations.group(2));
    }
  }

  private static ServedSluice start(Path folder) {
    // Keys and tokens that nobody made are shown by the hundred: none of them may block the rest.
    // To make an RSA key takes longer than a busy machine's answer may.
    // Webhooks that it makes up lead to hosts that are nobody's of this test: no port leads there.
    return ServedSluice.start(
        folder, "--auth-failures-max=0", "--token-algorithm=eddsa", "--webhook-port=1");
  }

  private static String run(Path schemathesis, ServedSluice sluice, Path folder) {
    List<String> command =
        List.of(
            schemathesis.toString(),
            "run",
            sluice.url() + "/openapi.yaml",
            "--url=" + sluice.url(),
            "--header=Authorization: Bearer " + sluice.key(),
            "--checks=not_a_server_error,status_code_conformance,content_type_conformance,"
                + "response_headers_conformance,response_schema_conformance",
            "--phases=examples,coverage,fuzzing",
            "--max-examples=10",
            // The same requests every time: what it finds can be found again.
            "--seed=42",
            "--no-shrink",
            "--continue-on-failure",
            // A long poll may take a minute.
            "--request-timeout=90",
            // Two at a time meet in its caches, which then fail it now and then.
            "--workers=1");
    return Finished.run(command, Map.of(), folder, LIMIT_SECONDS).succeeded();
  }
}
