/** The administration of the whole installation over HTTP: what is under {@code /admin/v1}. */
package io.sluice.gateway.admin;
