package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A page of a list, as every list of the surface has it: {@code ?limit=&after=}. */
final class Listing {
  private static final int LIMIT_STANDARD = 20;
  private static final int LIMIT_MAX = 100;

  private Listing() {}

  /**
   * @param id what {@code after} names, different for each entry
   */
  static <T> ObjectNode page(
      RoutingContext http, List<T> all, Function<T, String> id, Function<T, ObjectNode> view) {
    int limit =
        Parameters.query(http, "limit")
            .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
            .orElse(LIMIT_STANDARD);
    int from = Parameters.query(http, "after").map(after -> after(all, id, after)).orElse(0);
    List<T> shown = all.subList(from, Math.min(all.size(), from + limit));
    boolean more = from + shown.size() < all.size();
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    shown.forEach(one -> data.add(view.apply(one)));
    Optional<String> next = more ? Optional.of(id.apply(shown.getLast())) : Optional.empty();
    return json.put("has_more", more).put("next", next.orElse(null));
  }

  private static <T> int after(List<T> all, Function<T, String> id, String after) {
    for (int i = 0; i < all.size(); i++) {
      if (id.apply(all.get(i)).equals(after)) {
        return i + 1;
      }
    }
    throw Parameters.malformed("'after' names nothing that is in the list.").refusal();
  }
}
