/** The limits as clients see them: resolved, told in headers, refused, smoothed, reported. */
package io.sluice.gateway.limit;
