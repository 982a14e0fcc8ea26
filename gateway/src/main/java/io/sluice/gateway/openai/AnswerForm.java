package io.sluice.gateway.openai;

import java.util.Optional;

/**
 * How an answer is to look.
 *
 * @param model as the client wrote it
 * @param usage whether a stream ends with a chunk of usage
 * @param tier the service tier to tell, where one was asked for
 * @param echo what stands before the answer: the prompt of a text completion that asks for it
 */
public record AnswerForm(
    String model, boolean stream, boolean usage, Optional<String> tier, String echo) {}
