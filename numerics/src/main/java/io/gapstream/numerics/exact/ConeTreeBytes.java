package io.gapstream.numerics.exact;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes a search tree as bytes, depth first, orthant by orthant; docs/mathematics.md, section 3.6,
 * has the format.
 */
final class ConeTreeBytes {

  static final byte PLAIN_LEAF = 0;
  static final byte LEAF = 1;
  static final byte MIX = 2;
  static final byte FIRST_SPLIT = 3;

  private ConeTreeBytes() {}

  static byte[] of(int d, Node[] roots) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deque<Node> stack = new ArrayDeque<>();
    for (Node root : roots) {
      stack.push(root);
      while (!stack.isEmpty()) {
        Node node = stack.pop();
        Node first = node.first;
        Node second = node.second;
        bytes.writeBytes(node.mixes);
        if (first != null && second != null) {
          bytes.write(FIRST_SPLIT + node.pair);
          stack.push(second);
          stack.push(first);
        } else if (node.active == (1 << d) - 1) {
          bytes.write(PLAIN_LEAF);
        } else {
          bytes.write(LEAF);
          for (int shift = 0; shift < d; shift += Byte.SIZE) {
            bytes.write(node.active >>> shift);
          }
        }
      }
    }
    return bytes.toByteArray();
  }
}
