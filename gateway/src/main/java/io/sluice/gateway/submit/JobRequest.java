package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobClass;
import io.sluice.JobKind;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A submission that was read and found valid; nothing is decided about it yet.
 *
 * @param model as the client wrote it
 * @param request the model server's own fields
 */
record JobRequest(
    JobKind kind,
    String model,
    JobClass jobClass,
    ObjectNode request,
    Optional<Integer> maxOutputTokens,
    Optional<String> session,
    Duration queueTimeout,
    Duration timeout,
    Map<String, String> metadata,
    Optional<URI> webhook) {}
