package io.gapstream.numerics.exact;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Writes a search tree as bytes, depth first, orthant by orthant; docs/mathematics.md, section 3.6,
 * has the format.
 */
final class ConeTreeBytes {

  static final byte PLAIN_LEAF = 0;
  static final byte LEAF = 1;
  static final byte STEP = 2;
  static final byte FIRST_SPLIT = 3;

  private byte[] bytes = new byte[1024];
  private int length;

  private ConeTreeBytes() {}

  static byte[] of(int d, Node[] roots) {
    ConeTreeBytes tree = new ConeTreeBytes();
    Deque<Node> stack = new ArrayDeque<>();
    for (Node root : roots) {
      stack.push(root);
      while (!stack.isEmpty()) {
        Node node = stack.pop();
        Node first = node.first;
        Node second = node.second;
        for (byte code : node.steps) {
          tree.write(code);
        }
        if (first != null && second != null) {
          tree.write(FIRST_SPLIT + node.pair);
          stack.push(second);
          stack.push(first);
        } else if (node.active == (1 << d) - 1) {
          tree.write(PLAIN_LEAF);
        } else {
          tree.write(LEAF);
          for (int shift = 0; shift < d; shift += Byte.SIZE) {
            tree.write(node.active >>> shift);
          }
        }
      }
    }
    return Arrays.copyOf(tree.bytes, tree.length);
  }

  private void write(int code) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) code;
  }
}
