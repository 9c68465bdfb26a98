package io.gapstream.datagenerator.application;

import io.gapstream.contracts.RunPlan;
import org.jspecify.annotations.Nullable;

/**
 * An experiment that somebody wants.
 *
 * @param name for people
 * @param studyId the study it belongs to, if any
 * @param source where the data come from
 * @param standardize whether features and target are to be standardised
 * @param bias whether a column of ones is to be appended, after that
 * @param penalty the weight of the penalty
 * @param plan what to run
 */
public record Order(
    String name,
    @Nullable String studyId,
    Source source,
    boolean standardize,
    boolean bias,
    Penalty penalty,
    RunPlan plan) {}
