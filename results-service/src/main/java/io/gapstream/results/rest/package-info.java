/**
 * Certificates over HTTP: lists, single certificates with their results, histories, their parts as
 * files, and the live stream.
 *
 * <p>Enter at {@link io.gapstream.results.rest.CertificateResource}. Only reads.
 */
@NullMarked
package io.gapstream.results.rest;

import org.jspecify.annotations.NullMarked;
