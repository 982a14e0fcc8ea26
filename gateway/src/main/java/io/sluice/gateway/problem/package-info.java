/** Refusals as RFC 9457 problems: one closed list of codes, one place that writes them. */
package io.sluice.gateway.problem;
