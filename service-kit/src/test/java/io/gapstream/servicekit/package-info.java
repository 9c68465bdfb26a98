/**
 * Tests of what every service shares, and the servers and clients that the services' tests use.
 * Enter at {@link io.gapstream.servicekit.TestServers} and {@link
 * io.gapstream.servicekit.TestTopics}. Must not depend on any service.
 */
@NullMarked
package io.gapstream.servicekit;

import org.jspecify.annotations.NullMarked;
