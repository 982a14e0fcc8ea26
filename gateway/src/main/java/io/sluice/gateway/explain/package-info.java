/** What held a job, and for how long, told from its history. */
package io.sluice.gateway.explain;
