/** Who is calling, and what that caller may do. */
package io.sluice.gateway.auth;
