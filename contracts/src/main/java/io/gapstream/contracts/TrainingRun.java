package io.gapstream.contracts;

/**
 * One training run of an experiment.
 *
 * @param method the local gradient method
 * @param width neurons
 * @param seed of the initialisation and of the mini-batches
 */
public record TrainingRun(TrainingMethod method, int width, long seed) {}
