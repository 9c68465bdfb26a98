package io.gapstream.servicekit;

/**
 * A job ended before it was done, through no fault of its record: the record is neither
 * acknowledged nor set aside, and comes again.
 */
public final class JobStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JobStoppedException(JobControl.Stop reason) {
    this("The job is stopped: " + reason + ". It is done again from its record.");
  }

  /** With the reason, in words. */
  public JobStoppedException(String reason) {
    super(reason, null, false, false);
  }
}
