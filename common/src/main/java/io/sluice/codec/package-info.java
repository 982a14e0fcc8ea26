/** The one place where the model becomes bytes and bytes become the model. */
package io.sluice.codec;
