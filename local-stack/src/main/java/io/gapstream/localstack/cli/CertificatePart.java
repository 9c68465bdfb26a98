package io.gapstream.localstack.cli;

/** The files that {@code gap export} knows, by the names that results-service has for them. */
enum CertificatePart {
  NETWORK_ONNX("network.onnx"),
  NETWORK_NPZ("network.npz"),
  DUAL_NPY("dual.npy"),
  X_NPY("X.npy"),
  Y_NPY("y.npy");

  private final String fileName;

  CertificatePart(String fileName) {
    this.fileName = fileName;
  }

  @Override
  public String toString() {
    return fileName;
  }
}
