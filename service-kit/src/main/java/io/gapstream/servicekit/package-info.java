/**
 * What every service shares: writing and reading events, creating topics, error responses, running
 * jobs, and the facts about the process.
 *
 * <p>Enter at {@link Events} for messaging, at {@link Jobs} for work that takes long, and at {@link
 * Problem} for REST errors. Must not depend on the numerics nor on any service.
 */
@NullMarked
package io.gapstream.servicekit;

import org.jspecify.annotations.NullMarked;
