package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.data.Standardization;
import io.gapstream.numerics.problem.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A network and how its inputs come from the columns of a file, as JSON in plain numbers. */
final class NetworkFile {

  private NetworkFile() {}

  /**
   * Writes a network.
   *
   * @param summary fields to begin with
   * @param featureNames the columns before that of ones
   */
  static void write(
      Path file,
      ObjectNode summary,
      Network network,
      List<String> featureNames,
      Prepared prepared) {
    ObjectNode json = summary.deepCopy();
    json.put("m", network.m()).put("d", network.d());
    ArrayNode u = json.putArray("U");
    for (int j = 0; j < network.m(); j++) {
      ArrayNode row = u.addArray();
      for (int k = 0; k < network.d(); k++) {
        row.add(network.u()[j * network.d() + k]);
      }
    }
    json.set("a", array(network.a()));
    ObjectNode preprocessing = json.putObject("preprocessing");
    ArrayNode features = preprocessing.putArray("features");
    featureNames.forEach(features::add);
    preprocessing.put("bias", prepared.bias());
    Standardization standardization = prepared.standardization();
    preprocessing.put("standardized", standardization != null);
    if (standardization != null) {
      preprocessing.set("featureMeans", array(standardization.featureMeans()));
      preprocessing.set("featureScales", array(standardization.featureScales()));
      preprocessing.put("targetMean", standardization.targetMean());
      preprocessing.put("targetScale", standardization.targetScale());
    }
    try {
      new ObjectMapper().writeValue(file.toFile(), json);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "Could not write " + file + ": " + e.getMessage(), e);
    }
  }

  private static ArrayNode array(double[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
    for (double value : values) {
      array.add(value);
    }
    return array;
  }
}
