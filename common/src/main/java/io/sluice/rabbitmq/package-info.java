/**
 * The job queue on RabbitMQ 3.10 to 4.x: lanes are quorum queues, publishing has confirms, pulling
 * is {@code basic.get}. Two connections, since a broker that is low on memory stops reading the one
 * that publishes, acknowledgements included. Automatic recovery is off: it leaves confirms
 * unanswered and channels closed; every connection begins anew with fresh channels instead.
 */
package io.sluice.rabbitmq;
