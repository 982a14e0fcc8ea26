package io.sluice.gateway.pipeline.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static Wish wish(String json) {
    ObjectNode read = (ObjectNode) Json.parse(json.replace('\'', '"'));
    read.put("model", "m");
    return WishReader.read(new Fields(read, "", new Faults())).orElseThrow();
  }

  private static final Wish SUMMARY = wish("{'task':'summarise'}");
  private static final Wish EXTRACT = wish("{'task':'extract','schema':{'type':'object'}}");
  private static final Wish QUESTION = wish("{'task':'question','question':'Why?'}");

  @Test
  void a_text_is_good_even_where_it_was_cut() {
    assertThat(Answer.ofPart(SUMMARY, " It is. ", true))
        .isEqualTo(new Answer.Good(Json.MAPPER.getNodeFactory().textNode("It is."), true));
  }

  @Test
  void json_that_is_none_is_bad_and_says_whether_it_was_cut() {
    assertThat(Answer.ofPart(EXTRACT, "{\"a\":", true))
        .isInstanceOfSatisfying(
            Answer.Bad.class, bad -> assertThat(bad.code()).isEqualTo("answer_cut"));
    assertThat(Answer.ofPart(EXTRACT, "Sure! {}", false))
        .isInstanceOfSatisfying(
            Answer.Bad.class, bad -> assertThat(bad.code()).isEqualTo("answer_not_valid"));
    assertThat(Answer.ofPart(EXTRACT, " {\"a\":1} ", false))
        .isEqualTo(new Answer.Good(Json.parse("{\"a\":1}"), false));
  }

  @Test
  void a_part_that_says_nothing_to_a_question_says_nothing() {
    Answer none = Answer.ofPart(QUESTION, "{\"found\":false,\"answer\":\"\"}", false);
    assertThat(Answer.said((Answer.Good) none)).isEmpty();
    Answer some = Answer.ofPart(QUESTION, "{\"found\":true,\"answer\":\"So.\"}", false);
    assertThat(Answer.said((Answer.Good) some)).hasValue("So.");
  }

  @Test
  void an_engine_that_keeps_to_no_schema_answers_a_question_in_words() {
    Answer words = Answer.ofPart(QUESTION, "Because of that.", false);
    assertThat(Answer.said((Answer.Good) words)).hasValue("Because of that.");
  }
}
