package io.gapstream.numerics.exact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cones that are still to be split, in classes of about the same bound, so that taking one of
 * the largest costs the same however many there are. Within a class the last one that came is the
 * first to go. The order depends on nothing but the bounds and the order in which they came.
 */
final class OpenCones {

  /** Classes in a factor of e; bounds that differ by less are not worth telling apart. */
  private static final double FINENESS = 64;

  private static final int CLASSES = 1024;

  private final List<List<Node>> classes = new ArrayList<>();
  private final double unit;
  private int highest = -1;

  /**
   * @param unit about the least bound that is of interest, above 0
   */
  OpenCones(double unit) {
    this.unit = unit;
    for (int c = 0; c < CLASSES; c++) {
      classes.add(new ArrayList<>(0));
    }
  }

  void add(Node node) {
    double position = FINENESS * Math.log(node.bound / unit);
    int c = (int) Math.max(0, Math.min(CLASSES - 1, position));
    classes.get(c).add(node);
    highest = Math.max(highest, c);
  }

  /** Takes one of the cones with the largest bounds, or null when there is none. */
  @Nullable Node take() {
    while (highest >= 0) {
      List<Node> nodes = classes.get(highest);
      if (!nodes.isEmpty()) {
        return nodes.remove(nodes.size() - 1);
      }
      highest--;
    }
    return null;
  }
}
