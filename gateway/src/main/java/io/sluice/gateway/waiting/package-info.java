/** What is said of waiting: where a job stands, when it will start, and when to come back. */
package io.sluice.gateway.waiting;
