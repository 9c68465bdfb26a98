package io.gapstream.datagenerator.rest;

/** The examples of the API description, in one place. */
final class ApiExamples {

  static final String REFUSED_REF = "refused";
  static final String TOO_LARGE_REF = "tooLarge";
  static final String WRONG_TYPE_REF = "wrongType";
  static final String TOO_MUCH_REF = "tooMuch";
  static final String NO_BROKER_REF = "noBroker";
  static final String RETRY_AFTER_REF = "Retry-After";

  static final String GENERATOR =
      """
      {
        "name": "planted teacher",
        "generator": {"n": 200, "d": 10, "labels": "teacher", "teacherNeurons": 5, "noise": 0.1, "seed": 7},
        "betaFraction": 0.1,
        "plan": {"relaxation": {"budgetSeconds": 10}, "training": {"methods": ["adam"], "widths": [100]}}
      }
      """;

  static final String INLINE =
      """
      {
        "name": "four points",
        "data": {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]},
        "betaFraction": 0.05
      }
      """;

  static final String CSV =
      """
      sepal_length,petal_width,species
      5.1,0.2,0
      7.0,1.4,1
      6.3,2.5,2
      """;

  static final String ACCEPTED =
      """
      {
        "experimentId": "0f3c2a9d5b7e41c88d6a1f2e3b4c5d6e",
        "name": "iris",
        "n": 150,
        "d": 5,
        "beta": 11.9,
        "betaFraction": 0.1,
        "betaMax": 119.0,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "plannedResults": 13
      }
      """;

  static final String REFUSED =
      """
      {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "iris.csv, line 3, column 'species': 'setosa' is not a number; write it as a number, or remove the row or the column.",
        "file": "iris.csv",
        "line": 3,
        "column": "species",
        "value": "setosa"
      }
      """;

  private ApiExamples() {}
}
