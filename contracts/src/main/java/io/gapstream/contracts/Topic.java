package io.gapstream.contracts;

import java.util.List;

/**
 * A topic: its name, the type of its events and the record they carry.
 *
 * @param <M> the message
 */
public final class Topic<M extends Message> {

  /** Datasets with what to run on them; from data-generator to everybody. */
  public static final Topic<DatasetMessage> DATASETS =
      new Topic<>("gap.datasets.v1", "gap.dataset.v1", DatasetMessage.class);

  /** What the convex programs gave; from relaxation-service to results-service. */
  public static final Topic<RelaxationMessage> RELAXATIONS =
      new Topic<>("gap.relaxations.v1", "gap.relaxation.v1", RelaxationMessage.class);

  /** What the local gradient methods reached; from trainer-service to results-service. */
  public static final Topic<TrainingMessage> TRAININGS =
      new Topic<>("gap.trainings.v1", "gap.training.v1", TrainingMessage.class);

  /** The newest certificate of each experiment; compacted; from results-service to everybody. */
  public static final Topic<CertificateMessage> CERTIFICATES =
      new Topic<>("gap.certificates.v1", "gap.certificate.v1", CertificateMessage.class);

  /** What is going on, kept for a short time; from the working services to results-service. */
  public static final Topic<ProgressMessage> PROGRESS =
      new Topic<>("gap.progress.v1", "gap.progress.v1", ProgressMessage.class);

  /** Every topic that carries messages, dead letters apart. */
  public static final List<Topic<?>> ALL =
      List.of(DATASETS, RELAXATIONS, TRAININGS, CERTIFICATES, PROGRESS);

  /**
   * The largest record a topic takes, in bytes (24 MiB). Topics, producers and consumers are set to
   * it; {@link Limits} keeps every message below it.
   */
  public static final int MAX_RECORD_BYTES = 24 * 1024 * 1024;

  private final String topicName;
  private final String eventType;
  private final Class<M> messageClass;

  private Topic(String topicName, String eventType, Class<M> messageClass) {
    this.topicName = topicName;
    this.eventType = eventType;
    this.messageClass = messageClass;
  }

  /** The topic's name on the broker. */
  public String topicName() {
    return topicName;
  }

  /** The value of {@code ce_type}. */
  public String eventType() {
    return eventType;
  }

  /** The record that an event of this topic carries. */
  public Class<M> messageClass() {
    return messageClass;
  }

  /**
   * The topic for messages of this topic that a consumer could not use.
   *
   * @param consumer the service that could not use them, for example {@code results-service}
   */
  public String deadLetterTopic(String consumer) {
    return topicName + ".dlq." + consumer.replace("-service", "");
  }

  @Override
  public String toString() {
    return topicName;
  }
}
