/**
 * TLS with certificates from PEM files, the same for every technology: whom to trust, what to show,
 * and both read anew when the files change. Knows nobody else.
 */
package io.sluice.tls;
