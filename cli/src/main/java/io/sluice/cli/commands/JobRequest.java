package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a client command submits: one prompt as a chat. */
record JobRequest(
    String prompt,
    Optional<String> system,
    String model,
    Optional<String> jobClass,
    Optional<Integer> maxOutputTokens) {

  private static final int MAX_PROMPT_BYTES = 8 * 1024 * 1024;

  /** The text of a prompt, from standard input where it is {@code -}. */
  static String prompt(String argument, InputStream in) {
    if (!argument.equals("-")) {
      return argument;
    }
    try {
      byte[] bytes = in.readNBytes(MAX_PROMPT_BYTES + 1);
      if (bytes.length > MAX_PROMPT_BYTES) {
        throw new Refusal(Exit.USAGE, "the prompt on standard input is longer than 8 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(Exit.USAGE, "the prompt on standard input is not UTF-8 text");
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot read standard input: " + e.getMessage());
    }
  }

  ObjectNode json() {
    ObjectNode job = Json.object().put("kind", "chat").put("model", model);
    var messages = job.putArray("messages");
    system.ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    messages.addObject().put("role", "user").put("content", prompt);
    jobClass.ifPresent(text -> job.put("class", text));
    maxOutputTokens.ifPresent(tokens -> job.put("max_output_tokens", tokens));
    return job;
  }
}
