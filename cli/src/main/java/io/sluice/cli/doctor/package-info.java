/** One look at this machine's settings and at what they point to: what is right, what is not. */
package io.sluice.cli.doctor;
