/**
 * What runs in the child process: it reads one document after the other and knows nothing of who
 * asked. All that it is given is hostile.
 */
package io.sluice.documents.reading;
