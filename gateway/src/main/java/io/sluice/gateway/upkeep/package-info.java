/**
 * What a gateway does without being asked: it ends what nobody else will, gives back what was not
 * used, and rebuilds a store that was lost. Sequential code on a thread of its own per role.
 */
package io.sluice.gateway.upkeep;
