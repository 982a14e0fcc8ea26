/** Internet addresses and ranges of them, read strictly. */
package io.sluice.address;
