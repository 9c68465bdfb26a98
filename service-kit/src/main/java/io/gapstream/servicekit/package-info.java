/**
 * What every service shares: writing and reading events, the problem that a dataset poses, creating
 * topics, error responses, who may ask over HTTP, running jobs, and the facts about the process.
 *
 * <p>Enter at {@link Events} for messaging, at {@link Worker} for work that takes long, at {@link
 * RecordFailures} for what becomes of records that fail, at {@link Problem} for REST errors, and at
 * {@link HttpConfig} for who may ask. Must not depend on any service, nor on more of the numerics
 * than the problem and its data's hash.
 */
@NullMarked
package io.gapstream.servicekit;

import org.jspecify.annotations.NullMarked;
