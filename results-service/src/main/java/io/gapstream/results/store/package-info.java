/**
 * The tables of results-service as Panache entities and repositories. The schema itself, with the
 * constraints that hold whatever the program does, is {@code db/migration}.
 *
 * <p>Enter at {@link io.gapstream.results.store.CertificateEntity}. Must not depend on messaging,
 * rest or application.
 */
@NullMarked
package io.gapstream.results.store;

import org.jspecify.annotations.NullMarked;
