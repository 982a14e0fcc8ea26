/** API keys: how they are written, made, and compared. */
package io.sluice.auth;
