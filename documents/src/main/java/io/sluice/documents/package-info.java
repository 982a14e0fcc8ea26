/**
 * Text out of hostile documents, in processes of its own: the adapter of {@link
 * io.sluice.TextExtraction}.
 */
package io.sluice.documents;
