package io.sluice.gateway.token;

import io.sluice.Directory;
import io.sluice.Grants;
import io.sluice.TokenKeys;

/** What access tokens stand on. */
public record TokenPorts(Directory keys, Grants grants, TokenKeys tokenKeys) {}
