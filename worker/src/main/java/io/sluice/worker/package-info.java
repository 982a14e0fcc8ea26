/** Jobs in, model server out: pulls what fits, claims it, runs it, and settles last. */
package io.sluice.worker;
