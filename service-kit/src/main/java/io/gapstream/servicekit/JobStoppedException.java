package io.gapstream.servicekit;

/** The service is stopping: the job's record is not acknowledged and comes again elsewhere. */
public final class JobStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JobStoppedException() {
    super("The service is stopping; the job is done again after the restart.");
  }
}
