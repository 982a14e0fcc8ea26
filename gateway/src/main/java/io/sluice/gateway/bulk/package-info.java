/**
 * What takes hours and is made of many jobs: driven by one gateway at a time, from where it stands,
 * whoever drove it before. What was got is in the file store, so nothing here is the truth.
 */
package io.sluice.gateway.bulk;
