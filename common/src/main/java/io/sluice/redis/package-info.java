/**
 * The ports on Redis: one primary with an append-only file. Every decision is one Lua script in the
 * resources of this package; the classes here only carry arguments and answers. {@link
 * io.sluice.redis.Redis} is the way in.
 */
package io.sluice.redis;
