/**
 * Evidence between messages and numerics, and the judgement of a certificate file by its evidence
 * alone.
 *
 * <p>Enter at {@link io.gapstream.certificate.CertificateChecker} for a file, at {@link
 * io.gapstream.certificate.Claims} for a claim in a message, and at {@link
 * io.gapstream.certificate.Witnesses} to translate. Of numerics it may use the problem, the bounds
 * and their verifier, and nothing that makes evidence; ArchUnit holds it to that.
 */
@NullMarked
package io.gapstream.certificate;

import org.jspecify.annotations.NullMarked;
