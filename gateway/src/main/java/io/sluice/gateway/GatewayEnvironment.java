package io.sluice.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.JobListener;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * What the gateway runs in, owned by whoever started it.
 *
 * @param vertx best made by {@link io.sluice.gateway.connection.OpenConnections}, which bounds the
 *     connections that it accepts
 */
public record GatewayEnvironment(
    Vertx vertx, InstantSource clock, JobListener listener, PrometheusMeterRegistry meters) {}
