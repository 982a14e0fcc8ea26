package io.sluice.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls that come in parts: a name first, and then the text of the arguments bit by bit. A part
 * belongs to the last call with its index; one that names a function under another id begins a new
 * one, since parsers number several calls alike (InternLM/lmdeploy issue 3412).
 */
final class ToolCalls {
  private static final int CALLS_MAX = 128;
  private static final int CHARS_MAX = 1024 * 1024;

  private static final class Call {
    private final int index;
    private String id;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    Call(int index, String id) {
      this.index = index;
      this.id = id;
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private int chars;

  /**
   * @return false if it is more than any answer may have
   */
  boolean add(JsonNode parts) {
    for (JsonNode part : parts) {
      String name = part.path("function").path("name").asText("");
      String arguments = text(part.path("function").path("arguments"));
      chars += name.length() + arguments.length();
      Call call = call(part.path("index").asInt(0), part.path("id").asText(""), name);
      if (chars > CHARS_MAX || calls.size() > CALLS_MAX) {
        return false;
      }
      call.name.append(name);
      call.arguments.append(arguments);
    }
    return true;
  }

  /**
   * The calls as Ollama writes them, with objects for arguments; nothing if one is not whole.
   *
   * @param cutOff whether the output ended at its limit: then a call that is not whole is left out
   */
  Optional<List<Piece>> whole(boolean cutOff) {
    List<Piece> whole = new ArrayList<>();
    for (Call call : calls) {
      Optional<JsonNode> arguments = object(call.arguments.toString());
      if (arguments.isEmpty() && !cutOff) {
        return Optional.empty();
      }
      arguments.ifPresent(it -> whole.add(new Piece.ToolCall(json(call, whole.size(), it))));
    }
    return Optional.of(whole);
  }

  private Call call(int index, String id, String name) {
    for (Call call : calls.reversed()) {
      if (call.index == index) {
        boolean another =
            !name.isEmpty() && !call.name.isEmpty() && !id.isEmpty() && !id.equals(call.id);
        if (another) {
          break;
        }
        call.id = call.id.isEmpty() ? id : call.id;
        return call;
      }
    }
    Call begun = new Call(index, id);
    calls.add(begun);
    return begun;
  }

  private static String json(Call call, int index, JsonNode arguments) {
    ObjectNode json = Json.object();
    json.put("id", call.id.isEmpty() ? "call_" + index : call.id);
    json.putObject("function")
        .put("index", index)
        .put("name", call.name.toString())
        .set("arguments", arguments);
    return Json.write(json);
  }

  /** Some servers send the arguments as the object that they are. */
  private static String text(JsonNode arguments) {
    return arguments.isObject() ? Json.write(arguments) : arguments.asText("");
  }

  private static Optional<JsonNode> object(String arguments) {
    try {
      JsonNode object = Json.MAPPER.readTree(arguments.isBlank() ? "{}" : arguments);
      return Optional.of(object).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
