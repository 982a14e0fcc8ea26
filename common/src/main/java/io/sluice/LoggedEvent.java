package io.sluice;

/** An event and its place in the log of its job. */
public record LoggedEvent(Position position, JobEvent event) {}
