package io.gapstream.results.store;

import java.io.Serializable;

/**
 * One version of one certificate.
 *
 * @param experimentId the experiment
 * @param version from 1
 */
public record VersionId(String experimentId, long version) implements Serializable {}
