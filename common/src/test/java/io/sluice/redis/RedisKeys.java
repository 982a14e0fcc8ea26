package io.sluice.redis;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.util.TreeMap;
import java.util.UUID;

/** What a Redis holds, as text. */
final class RedisKeys {
  private RedisKeys() {}

  /** Every key with what it holds, in order; names that are made at random are left out. */
  static String dump(RedisFixture redis) {
    String all =
        redis.lua(
            """
            local read = {
              string = function(key) return redis.call('GET', key) end,
              hash = function(key) return redis.call('HGETALL', key) end,
              set = function(key) local all = redis.call('SMEMBERS', key) table.sort(all) return all end,
              list = function(key) return redis.call('LRANGE', key, 0, -1) end,
              zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
              stream = function(key) return redis.call('XRANGE', key, '-', '+') end,
            }
            local all = {}
            for _, key in ipairs(redis.call('KEYS', 'sluice:*')) do
              local kind = redis.call('TYPE', key).ok
              all[key] = {kind = kind, value = read[kind](key)}
            end
            return cjson.encode(all)""");
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    Json.parse(all).properties().forEach(key -> sorted.put(key.getKey(), readable(key.getValue())));
    String text = Json.MAPPER.valueToTree(sorted).toPrettyString() + "\n";
    return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", new UUID(0, 0).toString());
  }

  private static JsonNode readable(JsonNode held) {
    if (!held.path("kind").asText().equals("hash")) {
      return Json.object().set(held.path("kind").asText(), held.path("value"));
    }
    TreeMap<String, String> fields = new TreeMap<>();
    JsonNode flat = held.path("value");
    for (int i = 0; i < flat.size(); i += 2) {
      fields.put(flat.get(i).asText(), flat.get(i + 1).asText());
    }
    return Json.object().set("hash", Json.MAPPER.valueToTree(fields));
  }

  /** As {@link #dump} gave them; none of them ends by itself. */
  static void restore(RedisFixture redis, String left) {
    redis.lua(
        """
        for key, held in pairs(cjson.decode(ARGV[1])) do
          if held.string then redis.call('SET', key, held.string) end
          for field, value in pairs(held.hash or {}) do redis.call('HSET', key, field, value) end
          for _, member in ipairs(held.list or {}) do redis.call('RPUSH', key, member) end
          for _, member in ipairs(held.set or {}) do redis.call('SADD', key, member) end
          for i = 1, #(held.zset or {}), 2 do redis.call('ZADD', key, held.zset[i + 1], held.zset[i]) end
          for _, entry in ipairs(held.stream or {}) do redis.call('XADD', key, entry[1], unpack(entry[2])) end
        end
        return 1""",
        left);
  }
}
