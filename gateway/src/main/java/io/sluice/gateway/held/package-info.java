/**
 * Requests whose clients wait for the answer on the connection that asked: the core that every
 * compatible surface stands on. It knows no surface. A request becomes an ordinary job; its status
 * is held back until there is something to say.
 */
package io.sluice.gateway.held;
