/** Access tokens (RFC 9068): issued, rotated, checked, revoked. */
package io.sluice.gateway.token;
