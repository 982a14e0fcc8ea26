/**
 * How the parts are put together: the only place, besides the entry, that names an adapter. What is
 * opened is closed in the reverse order.
 */
package io.sluice.cli.compose;
