/** The gateway's own certificate: read, offered, watched, and swapped without a restart. */
package io.sluice.gateway.tls;
