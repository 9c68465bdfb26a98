/**
 * A real Kafka broker, a real PostgreSQL and the four services on one machine.
 *
 * <p>Enter at {@link KafkaBroker} and {@link PostgresServer} for a server of one's own, as the
 * tests of every service do. Both run as processes of their own, keep their data in the folder they
 * are given and listen on 127.0.0.1 only. {@link Supervisor} runs the whole stack.
 *
 * <p>Depends on no framework, and on no service's code: services are started as processes.
 */
@NullMarked
package io.gapstream.localstack;

import org.jspecify.annotations.NullMarked;
