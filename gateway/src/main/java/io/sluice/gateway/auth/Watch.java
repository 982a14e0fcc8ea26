package io.sluice.gateway.auth;

import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;

/** Where attempts to get in are told and counted. */
public record Watch(Trail trail, RepeatedEvents repeated, Attempts attempts) {}
