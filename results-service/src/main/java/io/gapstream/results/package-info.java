/**
 * results-service: takes datasets, relaxation bounds and training results from the broker, believes
 * none of them, and keeps what its own verifier derives as certificates.
 *
 * <p>Enter at {@code application.Intake}, which every message passes through, and at {@link
 * io.gapstream.results.ResultsConfig} for the settings. Calls no other service.
 */
@NullMarked
package io.gapstream.results;

import org.jspecify.annotations.NullMarked;
