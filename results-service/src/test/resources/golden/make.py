"""Writes the golden files beside it with ONNX's and NumPy's own libraries: pip install onnx numpy."""

from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

HERE = Path(__file__).parent


def tensor(name, array):
    return helper.make_tensor(name, TensorProto.DOUBLE, array.shape, array.tobytes(), raw=True)


def network(u, a):
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["X", "U'"], ["Z"]),
            helper.make_node("Relu", ["Z"], ["H"]),
            helper.make_node("MatMul", ["H", "a"], ["Y"]),
            helper.make_node("Squeeze", ["Y", "last"], ["y"]),
        ],
        "golden",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["n", u.shape[1]])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, ["n"])],
        [tensor("U'", u.T), tensor("a", a[:, None]), helper.make_tensor("last", TensorProto.INT64, [1], [1])],
    )
    model = ModelProto(
        ir_version=7, producer_name="gapstream", producer_version="1.2.3", graph=graph, doc_string="For people: β"
    )
    model.opset_import.add(version=14)
    helper.set_model_props(model, {"beta": "0.1", "name": "x" * 200})
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


U = np.array([[1.0, -2.0, 0.1], [1e-300, 0.0, 3.5]])
a = np.array([0.5, -1.25])
(HERE / "two-neurons.onnx").write_bytes(network(U, a))
(HERE / "no-neurons.onnx").write_bytes(network(np.zeros((1, 3)), np.zeros(1)))
np.save(HERE / "matrix.npy", U)
