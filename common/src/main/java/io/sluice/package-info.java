/**
 * The architecture of Sluice: the model of a job and the ports between the parts.
 *
 * <p>Read this package first. Everything below it is one technology each: {@code embedded} (SQLite,
 * one process), {@code rabbitmq} and {@code redis} (many machines). A port's contract is written
 * here and tested by one abstract test that every adapter passes; adapters know this package and
 * never each other.
 *
 * <p>Methods that return a {@code Future} never throw and never block. A Future fails with {@link
 * Unavailable} when the broker or the store behind it cannot be reached in time, and with anything
 * else only for a bug. Expected endings are values. A Future may complete on any thread unless the
 * port says otherwise.
 */
package io.sluice;
