/**
 * What results-service does: verifies claims against their dataset, keeps the best of each method,
 * tightens certificates, and passes them on.
 *
 * <p>Enter at {@link io.gapstream.results.application.Intake}. Must not depend on messaging or
 * rest.
 */
@NullMarked
package io.gapstream.results.application;

import org.jspecify.annotations.NullMarked;
