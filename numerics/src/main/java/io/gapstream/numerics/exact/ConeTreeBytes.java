package io.gapstream.numerics.exact;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes a search tree as bytes, depth first, orthant by orthant: 0 for a plain leaf, 1 and its
 * evidence for another one, and 2 plus the number of the pair for a split, whose first child has
 * the midpoint instead of the later generator of the pair. docs/mathematics.md, section 3.5, has
 * the whole format.
 */
final class ConeTreeBytes {

  private static final int FIRST_SPLIT = 2;

  private ConeTreeBytes() {}

  static byte[] of(Node[] roots) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deque<Node> stack = new ArrayDeque<>();
    for (Node root : roots) {
      stack.push(root);
      while (!stack.isEmpty()) {
        Node node = stack.pop();
        Node first = node.first;
        Node second = node.second;
        if (first == null || second == null) {
          bytes.writeBytes(node.leaf);
        } else {
          bytes.write(FIRST_SPLIT + node.pair);
          stack.push(second);
          stack.push(first);
        }
      }
    }
    return bytes.toByteArray();
  }
}
