/** Which jobs share their answers, and with whom. */
package io.sluice.gateway.cache;
