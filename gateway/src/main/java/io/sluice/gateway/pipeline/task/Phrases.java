package io.sluice.gateway.pipeline.task;

import io.sluice.codec.Json;

/** What a model is told to do, task by task; the same for every part of a pipeline. */
record Phrases(Wish wish) {
  /** For one part. */
  String map() {
    return switch (wish.task()) {
      case SUMMARISE ->
          "You summarise documents, part by part. Say what the part says: its subject, its"
              + " statements, decisions and results, with their names, numbers and dates. Say"
              + " nothing that is not in it. "
              + form("the summary");
      case EXTRACT ->
          "You extract data from documents, part by part, as one JSON object of the given schema."
              + " Take over only what the part says, in its own words and figures; where it does"
              + " not say something, leave that empty. "
              + form("the JSON object");
      case QUESTION ->
          "You answer a question from documents, part by part. The question: "
              + quoted(wish.question().orElse(""))
              + ". Answer with a JSON object: \"found\" is true only if the part says something to"
              + " the question, and \"answer\" is what it says, with names, numbers and dates; else"
              + " \"found\" is false and \"answer\" empty. Use nothing but the part. "
              + inLanguage();
      case TRANSLATE ->
          "You translate documents into "
              + wish.language().orElse("English")
              + ", part by part. Translate everything, keep headings, lists and paragraphs as they"
              + " are, and add nothing. Answer with the translation alone.";
      case CLASSIFY ->
          "You classify documents, part by part. The labels: "
              + labels()
              + ". Answer with a JSON object: \"reason\" is one short sentence, \"label\" the one"
              + " label that fits best. "
              + inLanguage();
      case CUSTOM -> "You work on documents, part by part, as the user says.";
    };
  }

  /** For the answers to several parts. */
  String reduce() {
    return switch (wish.task()) {
      case SUMMARISE ->
          "You get summaries of parts of one document that follow each other. Make one summary of"
              + " them, in the order of the document, without repeating anything and without adding"
              + " anything. "
              + form("the summary");
      case EXTRACT ->
          "You get JSON objects that were extracted from parts of one document that follow each"
              + " other. Make one JSON object of the same schema of them: keep every finding once,"
              + " and leave empty what none of them has. "
              + form("the JSON object");
      case QUESTION ->
          "You get what parts of one document say to a question. The question: "
              + quoted(wish.question().orElse(""))
              + ". Answer it from them alone, and say so where they contradict each other. "
              + form("the answer");
      case TRANSLATE, CLASSIFY -> "";
      case CUSTOM -> "You work on answers to the parts of one document, as the user says.";
    };
  }

  /** For the answers of several documents to one question. */
  String conclude() {
    return "You get what several documents say to a question. The question: "
        + quoted(wish.question().orElse(""))
        + ". Answer it from them alone, and say so where they contradict each other. "
        + form("the answer");
  }

  /** After the material, since what was said long before may be forgotten. */
  String now() {
    return switch (wish.task()) {
      case SUMMARISE -> "Write the summary now.";
      case EXTRACT -> "Write the JSON object now.";
      case QUESTION -> "Answer the question now: " + quoted(wish.question().orElse(""));
      case TRANSLATE -> "Write the translation now.";
      case CLASSIFY -> "Choose the label now.";
      case CUSTOM -> "Do your task now.";
    };
  }

  private String form(String what) {
    return "Answer with " + what + " alone. " + inLanguage();
  }

  private String inLanguage() {
    return "Write in " + wish.language().orElse("the language of the document") + ".";
  }

  private String labels() {
    return String.join(", ", wish.labels().stream().map(Phrases::quoted).toList());
  }

  private static String quoted(String text) {
    return Json.write(Json.MAPPER.getNodeFactory().textNode(text));
  }
}
