/**
 * Real servers for tests: each in a temporary folder and a process group of its own, ended by its
 * test, by the JVM's end, or, if the JVM is killed, by a watchdog.
 */
package io.sluice.testservers;
