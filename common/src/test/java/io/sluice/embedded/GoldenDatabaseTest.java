package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.codec.Json;
import io.sluice.golden.Golden;
import io.sluice.golden.Scene;
import io.sluice.golden.Stores;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A data folder that another version wrote. */
class GoldenDatabaseTest {
  private static final String FILE = "sqlite.json";
  private static final Lane LANE = new Lane.Retry(Scene.POOL, Scene.WAITING.jobClass());

  private final TemporaryData data = TemporaryData.make();
  private Instant now = Scene.TIME;

  @AfterEach
  void remove() {
    data.close();
  }

  private Embedded open() {
    return data.open(Admission.Bounds.DEFAULT, List.of(Scene.POOL), () -> now);
  }

  private static Stores stores(Embedded in) {
    return new Stores(
        in.admission(),
        in.store(),
        in.leases(),
        in.events(),
        in.history(),
        in.directory(),
        in.tenants(),
        in.grants(),
        in.tokenKeys());
  }

  @Test
  void what_is_left_on_the_disk_is_what_this_version_has_always_left_there() throws SQLException {
    try (Embedded embedded = open()) {
      Scene.play(stores(embedded));
      await(embedded.queue().publish(LANE, new JobMessage(Scene.WAITING, 2)));
    }
    Golden.assertWritten(FILE, dump());
  }

  static List<String> all() {
    return Golden.all(FILE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_an_older_version_left_is_read_and_gone_on_with(String left) throws SQLException {
    restore(left);
    try (Embedded embedded = open()) {
      Delivery message = await(embedded.queue().pull(LANE)).orElseThrow();
      assertThat(message.message()).isEqualTo(new JobMessage(Scene.WAITING, 2));
      Scene.goOn(stores(embedded), time -> now = now.plus(time));
    }
  }

  /** The statements that make it, in order. */
  private String dump() throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Sql sql = Sql.open(DataDirectory.database(data.path()))) {
      statements.addAll(
          sql.all(
              "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
                  + " ORDER BY type DESC, name",
              row -> row.getString(1)));
      for (String table :
          sql.all(
              "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                  + " ORDER BY name",
              row -> row.getString(1))) {
        statements.addAll(rows(sql, table));
      }
      int version = sql.first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
      statements.add("PRAGMA user_version = " + version);
    }
    return statements.stream()
        .map(statement -> Json.write(Json.MAPPER.getNodeFactory().textNode(statement)))
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"))
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", new UUID(0, 0).toString());
  }

  private static List<String> rows(Sql sql, String table) throws SQLException {
    List<String> columns =
        sql.all("SELECT name FROM pragma_table_info('" + table + "')", row -> row.getString(1));
    String values =
        String.join(" || ', ' || ", columns.stream().map(name -> "quote(" + name + ")").toList());
    String insert = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES (";
    return sql.all(
        "SELECT " + values + " FROM " + table + " ORDER BY 1",
        row -> insert + row.getString(1) + ")");
  }

  private void restore(String left) throws SQLException {
    try (Sql sql = Sql.open(DataDirectory.database(DataDirectory.make(data.path())))) {
      for (var statement : Json.parse(left)) {
        sql.execute(statement.asText());
      }
    }
  }
}
