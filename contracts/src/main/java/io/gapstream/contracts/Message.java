package io.gapstream.contracts;

/** A message about one experiment; the experiment's id is the key of its record. */
public sealed interface Message
    permits DatasetMessage,
        RelaxationMessage,
        TrainingMessage,
        CertificateMessage,
        ProgressMessage {

  /** The experiment: 32 hexadecimal digits, derived from the content of the request. */
  String experimentId();

  /**
   * What tells this event from every other of its topic, the same whenever the same work is done
   * again: the value of {@code ce_id}.
   */
  String eventId();
}
