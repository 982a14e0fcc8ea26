/**
 * From a body to a job that will not be lost: read and checked, counted, given a pool, admitted,
 * published, confirmed.
 */
package io.sluice.gateway.submit;
