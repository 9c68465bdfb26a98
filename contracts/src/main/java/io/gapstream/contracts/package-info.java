/**
 * The messages that the services exchange: immutable records, their validation and their JSON form.
 *
 * <p>Enter at {@link Topic}, which names every topic and ties it to its message, and at {@link
 * CloudEvents}, which writes a message as a CloudEvents 1.0 event in Kafka's binary mode and reads
 * it back. A message that exists is valid: every record checks its values when it is made.
 *
 * <p>{@link CertificateFileJson} writes certificate files, which leave the system, and reads them
 * from anywhere.
 *
 * <p>Depends on Jackson and on no other module of the project. A version is part of the topic and
 * of the event type; within a version changes are additive.
 */
@NullMarked
package io.gapstream.contracts;

import org.jspecify.annotations.NullMarked;
