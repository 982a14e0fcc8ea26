/** What a connection may cost before anybody looks at a request: how many, and how slowly. */
package io.sluice.gateway.connection;
