/** How the end of a job is told to its webhook, by the Standard Webhooks specification. */
package io.sluice.gateway.webhook;
