/** What the gateway tells the audit log. */
package io.sluice.gateway.trail;
