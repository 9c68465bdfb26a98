#!/usr/bin/env python3
"""Checks a Gapstream certificate file: that lower <= p* <= upper is proved by what is in it.

    p* = min over m, u, a of 1/2 sum_i (f(x_i) - y_i)^2 + beta/2 sum_j (||u_j||^2 + a_j^2),
    f(x) = sum_{j <= m} a_j (x . u_j)_+

The file is described in docs/certificate-format.md, and why its evidence proves the claim in
docs/mathematics.md (the numbers of sections below are its own). This program shares no code with
Gapstream and needs nothing but Python 3.9. It can be read from top to bottom.

Arithmetic. Every float64 is an integer over a power of two, and every inequality that a verdict
rests on is decided in integers or fractions, exactly. Floats are used only to *find* things that
any value would do for: a vector l, an approximate factor L, a point w, a theta in {0, 1}. What is
found is then checked exactly. Hence no rounding error has to be estimated anywhere.
"""

import argparse
import base64
import binascii
import csv
import hashlib
import json
import math
import os
import re
import struct
import sys
from collections import defaultdict
from fractions import Fraction
from itertools import compress
from operator import mul

FORMAT = "gapcert/1"
RUNGS = ("cone-bnb", "quartic", "pairs", "quadratic", "triangle")  # the last is the weakest

MOST_BYTES = 256 * 2**20
MOST_DEPTH = 32
MOST_TOKENS = 2_000_000  # brackets, commas, strings and escapes of the JSON text
MOST_DIGITS = 400  # characters of a number
MOST_ENTRIES = 2_000_000  # n (d + 1) and m (d + 1)
MOST_ROWS = 500_000
MOST_COLUMNS = 5_000
MOST_TREE = 6_000_000
MOST_PAIRS = 1_000_000
MOST_STEPS = 400  # of a cone since the last with h = 0

EXIT = {"verified": 0, "refuted": 1, "inconclusive": 6}


class Refuted(Exception):
    """The file is malformed, or its evidence does not prove its claim."""


class Inconclusive(Exception):
    """Nothing can be said."""


class Usage(Exception):
    """The call makes no sense."""


def demand(condition, reason, *values):
    if not condition:
        raise Refuted(reason.format(*values))


class Work:
    """Counts products of integers, about 0.1 microseconds each, before they are computed."""

    def __init__(self, allowed):
        self.left = allowed

    def spend(self, products, bits=64):
        self.left -= products * (1 + (bits // 256) ** 2)
        if self.left < 0:
            raise Inconclusive("it is more work than --max-work allows")


# --- exact numbers -----------------------------------------------------------------------------


def integers(values):
    """Integers v and an exponent e >= 0 with values[i] = v[i] / 2^e, for floats or dyadic
    fractions."""
    ratios = [value.as_integer_ratio() for value in values]
    e = max((den.bit_length() for _, den in ratios), default=1) - 1
    return [num << (e + 1 - den.bit_length()) for num, den in ratios], e


def dot(a, b):
    return sum(map(mul, a, b))


def floor_scaled(q, k):
    """The largest integer that is at most q 2^k."""
    return (q.numerator << k) // q.denominator if k >= 0 else q.numerator // (q.denominator << -k)


def down(q):
    """A dyadic fraction in (q - 2^-99 |q|, q]."""
    k = max(0, 100 + q.denominator.bit_length() - q.numerator.bit_length())
    return Fraction(floor_scaled(q, k), 1 << k)


def up(q):
    """A dyadic fraction in [q, q + 2^-99 |q|)."""
    return -down(-q)


def root_up(q):
    """A dyadic fraction that is at least the root of q >= 0, and hardly more."""
    k = max(0, 100 + (q.denominator.bit_length() - q.numerator.bit_length()) // 2)
    square = -floor_scaled(-q, 2 * k)
    root = math.isqrt(square)
    return Fraction(root + (root * root < square), 1 << k)


# --- the file ----------------------------------------------------------------------------------

STRUCTURE = re.compile(r'["\[\]{},]')
STRING_PART = re.compile(r'["\\]')


def limit_structure(text):
    """Refuses what would make a parser allocate or recurse without bound. Whether the text is JSON
    is for the parser to say."""
    depth = position = tokens = 0
    match = STRUCTURE.search(text)
    while match:
        tokens += 1
        position = match.end()
        if match.group() in "[{":
            depth += 1
        elif match.group() in "]}":
            depth -= 1
        elif match.group() == '"':
            part = STRING_PART.search(text, position)
            while part and part.group() == "\\" and tokens <= MOST_TOKENS:
                tokens += 1
                part = STRING_PART.search(text, part.end() + 1)
            demand(part, "a string does not end")
            position = part.end()
        demand(depth <= MOST_DEPTH, "it is nested more than {} deep", MOST_DEPTH)
        demand(tokens <= MOST_TOKENS, "it has more than {} values", MOST_TOKENS)
        match = STRUCTURE.search(text, position)


def number(text):
    demand(len(text) <= MOST_DIGITS, "a number has {} characters", len(text))
    value = float(text)
    demand(math.isfinite(value), "the number {} overflows", text[:40])
    return value


def not_a_number(text):
    raise Refuted("{} is not JSON".format(text))


def unique(pairs):
    result = dict(pairs)
    demand(len(result) == len(pairs), "a name appears twice in an object")
    return result


def parse(raw):
    demand(len(raw) <= MOST_BYTES, "it has more than {} bytes", MOST_BYTES)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refuted("it is not UTF-8")
    demand(not text.startswith("\ufeff"), "it begins with a byte order mark")
    limit_structure(text)
    try:
        return json.loads(
            text,
            parse_int=number,
            parse_float=number,
            parse_constant=not_a_number,
            object_pairs_hook=unique,
        )
    except ValueError as error:
        raise Refuted("it is not JSON: {}".format(error))


def members(value, where, required, optional=()):
    demand(isinstance(value, dict), "{} is not an object", where)
    for name in required:
        demand(name in value, "{} has no {}", where, name)
    for name in value:
        demand(name in required or name in optional, "{} has a member {}", where, ascii(name)[:80])
    return value


def real(value, where):
    demand(isinstance(value, float), "{} is not a number", where)
    return value


def size(value, where, least=0):
    demand(isinstance(value, float) and value.is_integer(), "{} is not an integer", where)
    demand(least <= value <= 2**53, "{} is {}", where, value)
    return int(value)


def decode(value, where):
    """The bytes of canonical base64."""
    demand(isinstance(value, str), "{} is not base64", where)
    try:
        result = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Refuted("{} is not base64".format(where))
    demand(base64.b64encode(result).decode("ascii") == value, "{} is not base64", where)
    return result


def array(value, where, *shape):
    """The entries of an array, row by row. A None in the shape stands for any length."""
    members(value, where, ("dtype", "shape", "data"))
    demand(value["dtype"] == "<f8", "the dtype of {} is not <f8", where)
    demand(isinstance(value["shape"], list), "the shape of {} is not a list", where)
    found = [size(length, "the shape of " + where) for length in value["shape"]]
    agrees = len(found) == len(shape) and all(b in (None, a) for a, b in zip(found, shape))
    demand(agrees, "{} is {}, not {}", where, found[:3], ["any" if s is None else s for s in shape])
    count = math.prod(found)
    demand(isinstance(value["data"], str), "{} is not base64", where)
    demand(len(value["data"]) == (8 * count + 2) // 3 * 4, "{} has not {} entries", where, count)
    entries = struct.unpack("<{}d".format(count), decode(value["data"], where))
    demand(all(map(math.isfinite, entries)), "{} has an entry that is not finite", where)
    return list(entries)


class Certificate:
    """What a file says, of the right shape. Nothing in it is believed yet."""

    def __init__(self, document):
        demand(isinstance(document, dict), "it is not an object")
        demand(isinstance(document.get("format"), str), "it has no format")
        if document["format"] != FORMAT:
            raise Inconclusive("the format is {}".format(ascii(document["format"])[:80]))
        members(document, "the file", ("format", "problem", "data", "lower", "upper"), ("provenance",))
        demand(isinstance(document.get("provenance", {}), dict), "provenance is not an object")
        self.read_problem(document["problem"])
        self.read_data(document["data"])
        self.read_upper(document["upper"])
        self.read_lower(document["lower"])

    def read_problem(self, problem):
        fixed = {"loss": "half-squared-error", "penalty": "half-weight-decay", "width": "any"}
        members(problem, "problem", ("n", "d", "beta") + tuple(fixed))
        for name, value in fixed.items():
            demand(problem[name] == value, "{} is not {}", name, value)
        self.n = size(problem["n"], "n", 1)
        self.d = size(problem["d"], "d", 1)
        self.beta = real(problem["beta"], "beta")
        demand(self.beta > 0, "beta is {}", self.beta)
        demand(self.n <= MOST_ROWS, "n is {}", self.n)
        demand(self.d <= MOST_COLUMNS, "d is {}", self.d)
        demand(self.n * (self.d + 1) <= MOST_ENTRIES, "n (d + 1) exceeds {}", MOST_ENTRIES)

    def read_data(self, data):
        members(data, "data", ("sha256",), ("X", "y"))
        self.sha256 = data["sha256"]
        good = isinstance(self.sha256, str) and re.fullmatch("[0-9a-f]{64}", self.sha256)
        demand(good, "data.sha256 is not a hash")
        demand(("X" in data) == ("y" in data), "data has only one of X and y")
        self.data = None
        if "X" in data:
            self.data = array(data["X"], "X", self.n, self.d), array(data["y"], "y", self.n)

    def read_upper(self, upper):
        members(upper, "upper", ("value", "network"))
        self.upper = real(upper["value"], "upper.value")
        network = members(upper["network"], "network", ("U", "a"))
        # m first, so that a matrix of any size is refused before it is decoded
        shape = members(network["a"], "a", ("dtype", "shape", "data"))["shape"]
        demand(isinstance(shape, list) and len(shape) == 1, "a is not a vector")
        self.m = size(shape[0], "the width")
        demand(self.m * (self.d + 1) <= MOST_ENTRIES, "m (d + 1) exceeds {}", MOST_ENTRIES)
        self.a = array(network["a"], "a", self.m)
        self.u = array(network["U"], "U", self.m, self.d)

    def read_lower(self, lower):
        members(lower, "lower", ("value", "dual", "scale", "witness"))
        self.lower = real(lower["value"], "lower.value")
        self.nu = array(lower["dual"], "dual", self.n)
        self.scale = real(lower["scale"], "scale")
        demand(self.scale >= 0, "the scale is {}", self.scale)
        witness = members(lower["witness"], "witness", ("plus", "minus"))
        for name in witness:
            demand(isinstance(witness[name], dict), "witness.{} is not an object", name)
            demand(isinstance(witness[name].get("rung"), str), "witness.{} has no rung", name)
        self.plus = self.read_witness(witness["plus"], 1)
        self.minus = self.read_witness(witness["minus"], -1)
        for name in ("plus", "minus"):
            if witness[name]["rung"] not in RUNGS:
                raise Inconclusive("the rung is {}".format(ascii(witness[name]["rung"])[:80]))
        self.rung = max(self.plus["rung"], self.minus["rung"], key=RUNGS.index)

    def read_witness(self, witness, sign):
        rung = witness["rung"]
        above = sum(sign * entry > 0 for entry in self.nu)
        below = sum(sign * entry < 0 for entry in self.nu)
        result = {"rung": rung}
        if rung == "triangle":
            members(witness, rung, ("rung",))
        elif rung == "cone-bnb":
            members(witness, rung, ("rung", "bound", "tree"))
            result["bound"] = real(witness["bound"], "bound")
            demand(result["bound"] >= 0, "the bound is {}", result["bound"])
            demand(isinstance(witness["tree"], str), "the tree is not base64")
            demand(len(witness["tree"]) <= MOST_TREE // 3 * 4, "the tree exceeds {} bytes", MOST_TREE)
            result["tree"] = decode(witness["tree"], "tree")
        elif rung == "quartic":
            q = self.d + self.d * (self.d + 1) // 2
            shapes = {"touch": above, "slope": below, "offset": below, "gram": q * (q + 1) // 2}
            members(witness, rung, ("rung",) + tuple(shapes))
            for name, length in shapes.items():
                result[name] = array(witness[name], name, length)
        elif rung in ("pairs", "quadratic"):
            if rung == "pairs":
                shapes = dict.fromkeys(("squares", "anchors", "theta", "sigma"), self.n)
                required = ("rung", "lambda", "pairs") + tuple(shapes)
            else:
                shapes = {"mu": above, "theta": below, "sigma": below}
                required = ("rung", "lambda") + tuple(shapes)
            members(witness, rung, required, ("metric",))
            for name, length in shapes.items():
                result[name] = array(witness[name], name, length)
            result["lambda"] = real(witness["lambda"], "lambda")
            demand(result["lambda"] >= 0, "lambda is {}", result["lambda"])
            if rung == "pairs":
                result["pairs"] = self.read_pairs(witness["pairs"])
            result["metric"] = None
            if witness.get("metric") is not None:
                result["metric"] = self.read_metric(witness["metric"])
        return result

    def read_pairs(self, value):
        members(value, "pairs", ("dtype", "shape", "data"))
        if isinstance(value["data"], str):  # of any size
            demand(len(value["data"]) <= 32 * MOST_PAIRS, "there are more than {} pairs", MOST_PAIRS)
        table = array(value, "pairs", None, 3)
        result = {}
        for i, j, w in zip(table[0::3], table[1::3], table[2::3]):
            demand(i.is_integer() and j.is_integer(), "a pair is of {} and {}", i, j)
            demand(0 <= j < i < self.n and (i, j) not in result, "a pair is of {} and {}", i, j)
            result[int(i), int(j)] = w
        return result

    def read_metric(self, value):
        members(value, "metric", ("dtype", "shape", "data"))
        limit = (8 * self.d * (self.d + 1) + 2) // 3 * 4
        if isinstance(value["data"], str):
            demand(len(value["data"]) <= limit, "the metric has more than d + 1 columns")
        entries = array(value, "metric", self.d, None)
        rank = len(entries) // self.d
        return [entries[k * rank : (k + 1) * rank] for k in range(self.d)]


# --- the data ----------------------------------------------------------------------------------


def data_hash(n, d, x, y):
    text = b"gapdata/1\n" + struct.pack("<qq", n, d)
    text += struct.pack("<{}d".format(n * d), *x) + struct.pack("<{}d".format(n), *y)
    return hashlib.sha256(text).hexdigest()


def standardize(column):
    """Every operation is rounded to float64, in this order; so plain loops, and not sum()."""
    n = len(column)
    largest = max(map(abs, column))
    if largest == 0 or max(column) / largest - min(column) / largest <= 2.0**-48:
        raise Usage("a column does not vary; give --no-standardize")
    column = [value / largest for value in column]
    for _ in range(2):
        total = 0.0
        for value in column:
            total += value
        mean = total / n
        column = [value - mean for value in column]
    squares = 0.0
    for value in column:
        squares += value * value
    deviation = math.sqrt(squares / n)
    return [value / deviation for value in column]


def read_csv(path, target, standard, bias):
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Usage("{} is not a CSV file: {}".format(path, error))
    while rows and not rows[-1]:
        rows.pop()
    names = [name.strip() for name in rows[0]] if rows else []
    if names.count(target.strip()) != 1 or len(names) < 2 or len(rows) < 3:
        raise Usage("{} has no two rows and one column {} among others".format(path, target))
    try:
        if not all(re.fullmatch(r"\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*", f) for r in rows[1:] for f in r):
            raise ValueError("a field is not a number")
        columns = list(zip(*([float(field) for field in row] for row in rows[1:])))
        if {len(row) for row in rows} != {len(names)} or not all(map(math.isfinite, sum(columns, ()))):
            raise ValueError("a row has another length, or a number overflows")
    except ValueError as error:
        raise Usage("{}: {}".format(path, error))
    if standard:
        columns = [standardize(column) for column in columns]
    y = list(columns.pop(names.index(target.strip())))
    if bias:
        columns.append([1.0] * len(y))
    return len(y), len(columns), [entry for row in zip(*columns) for entry in row], y


def read_npy(path, dimensions):
    with open(path, "rb") as file:
        raw = file.read(8 * MOST_ENTRIES + 70_000)
    wide = raw[6:7] != b"\x01"  # version 1 has a header length of two bytes, later ones of four
    start = 12 if wide else 10
    length = int.from_bytes(raw[8:start], "little")
    header = raw[start : start + length].decode("latin-1")
    match = re.fullmatch(
        r"\{(?=.*'descr': '<f8')(?=.*'fortran_order': (True|False))(?=.*'shape': \(([0-9, ]+)\)).*\}\s*",
        header,
    )
    shape = [int(part) for part in match.group(2).split(",") if part.strip()] if match else []
    body = raw[start + length :]
    if raw[:6] != b"\x93NUMPY" or len(shape) != dimensions or len(body) != 8 * math.prod(shape):
        raise Usage("{} is not an NPY file of float64 with {} axes".format(path, dimensions))
    entries = list(struct.unpack("<{}d".format(len(body) // 8), body))
    if not all(map(math.isfinite, entries)):
        raise Usage("{} has an entry that is not finite".format(path))
    if match.group(1) == "True" and dimensions == 2:
        entries = [entries[i + shape[0] * k] for i in range(shape[0]) for k in range(shape[1])]
    return shape, entries


def read_data(options):
    """n, d, X row by row and y, from the file that --data names."""
    try:
        with open(options.data, "rb") as file:
            is_npy = file.read(6) == b"\x93NUMPY"
        if not is_npy:
            return read_csv(options.data, options.target, not options.no_standardize, not options.no_bias)
        (n, d), x = read_npy(options.data, 2)
        (rows,), y = read_npy(options.target, 1)
    except OSError as error:
        raise Usage("{}: {}".format(error.filename, error.strerror))
    if rows != n:
        raise Usage("{} has {} rows and {} has {}".format(options.data, n, options.target, rows))
    return n, d, x, y


class Problem:
    """The data as integers: x_ik = rows[i][k] / 2^ex and y_i = y[i] / 2^ey."""

    def __init__(self, n, d, x, y, beta):
        self.n, self.d, self.beta = n, d, Fraction(beta)
        self.floats = x
        flat, self.ex = integers(x)
        self.rows = [flat[i * d : (i + 1) * d] for i in range(n)]
        self.columns = [flat[k::d] for k in range(d)]
        self.y, self.ey = integers(y)
        self.bits = max(map(abs, flat)).bit_length()

    def norms(self):
        """r_i >= ||x_i||."""
        return [root_up(Fraction(dot(row, row), 1 << 2 * self.ex)) for row in self.rows]


# --- positive definite matrices (section 5) ----------------------------------------------------
#
# A symmetric matrix is a list of rows, {column: entry}, with entries in units of 2^-120 that are at
# most 1 in magnitude. If L is any matrix and R = A - shift I - L L', then, as L L' is positive
# semidefinite and no eigenvalue of R exceeds its largest sum of magnitudes in a row,
#
#     lambda_min(A) >= shift - ||R||_inf.
#
# L is a Cholesky factor in floats, rounded to units of 2^-60, and R is computed exactly.

GRID = 120
ONE = 1 << GRID


def on_grid(entries, scales):
    """A matrix that is at most the given one, in the order of semidefinite matrices, multiplied by
    2^scales[i] from the left and 2^scales[j] from the right. Rounding down takes from the matrix an
    E with entries in [0, 2^-120); and E + n 2^-120 I is positive semidefinite."""
    rows = [{} for _ in scales]
    for (i, j), entry in entries.items():
        rows[i][j] = rows[j][i] = floor_scaled(entry, GRID + scales[i] + scales[j])
    for i, row in enumerate(rows):
        row[i] = row.get(i, 0) - len(rows)
    return rows


def cholesky(matrix, shift):
    """Columns (i, {row: entry}) of a factor of A - shift I, in the order of elimination, which keeps
    sparse matrices sparse; None when A - shift I seems not to be positive definite."""
    if any(abs(entry) > ONE for row in matrix for entry in row.values()):
        return None
    rows = [{j: entry / ONE for j, entry in row.items()} for row in matrix]
    for i, row in enumerate(rows):
        row[i] -= shift
    columns = []
    left = set(range(len(rows)))
    while left:
        i = min(left, key=lambda k: (len(rows[k]), k))
        left.remove(i)
        pivot = rows[i].pop(i)
        if not 2.0**-80 < pivot < 2.0:
            return None
        root = math.sqrt(pivot)
        column = {j: entry / root for j, entry in rows[i].items()}
        if not all(abs(entry) < 2.0 for entry in column.values()):
            return None
        for j, entry in column.items():
            row = rows[j]
            del row[i]
            for k, other in column.items():
                row[k] = row.get(k, 0.0) - entry * other
        column[i] = root
        columns.append((i, column))
    return columns


def least_eigenvalue(matrix, columns, shift):
    """A number that lambda_min is proved not to be below."""
    rest = [dict(row) for row in matrix]
    for i, row in enumerate(rest):
        row[i] -= int(shift * ONE)
    for _, column in columns:
        exact = [(j, int(entry * 2.0**60)) for j, entry in column.items()]
        for j, entry in exact:
            row = rest[j]
            for k, other in exact:
                row[k] = row.get(k, 0) - entry * other
    norm = max(sum(map(abs, row.values())) for row in rest)
    return Fraction(int(shift * ONE) - norm, ONE)


def solve(columns, right):
    """About the solution z of L L' z = right."""
    z = list(right)
    for i, column in columns:
        z[i] /= column[i]
        for j, entry in column.items():
            if j != i:
                z[j] -= entry * z[i]
    for i, column in reversed(columns):
        for j, entry in column.items():
            if j != i:
                z[i] -= entry * z[j]
        z[i] /= column[i]
    return z


def maximum(linear, entries, work):
    """At least the largest value of c.u - u'Au over all u, for c = linear and A with these entries
    (i, j), j <= i. If lambda_min(A) >= delta > 0 then for every w (section 5)

        c.u - u'Au <= c.w - w'Aw + ||c - 2Aw||^2 / (4 delta).

    First u is replaced by 2^g D u, D = diag(2^scales), which brings A and c to a size of about 1."""
    n = len(linear)
    if n == 0:
        return Fraction(0)
    scales = []
    for i in range(n):
        a = entries.get((i, i), 0)
        demand(a > 0, "its matrix is not positive definite")
        scales.append(-((a.numerator.bit_length() - a.denominator.bit_length() + 2) // 2))
    matrix = on_grid(entries, scales)
    scaled = [c * Fraction(2) ** s for c, s in zip(linear, scales)]
    top = max(map(abs, scaled))
    if top == 0:
        scaled, g = [Fraction(0)] * n, 0
    else:
        g = top.numerator.bit_length() - top.denominator.bit_length()
        scaled = [c * Fraction(2) ** -g for c in scaled]
    c, e = integers(scaled)
    unit = max(e, 2 * GRID)  # c is in units of 2^-unit, A and w are in units of 2^-120
    c = [entry << (unit - e) for entry in c]
    work.spend(20 * sum(map(len, matrix)))
    best = None
    for power in range(6, 55, 4):
        shift = 2.0**-power
        columns = cholesky(matrix, shift)
        if columns is None:
            continue
        work.spend(sum(len(column) ** 2 for _, column in columns))
        delta = least_eigenvalue(matrix, columns, shift)
        if delta <= 0:
            break  # a smaller shift cannot help
        w, square = [0] * n, None
        for _ in range(60):
            product = [sum(entry * w[j] for j, entry in row.items()) for row in matrix]
            rest = [a - (2 * b << (unit - 2 * GRID)) for a, b in zip(c, product)]
            before, square = square, dot(rest, rest)
            value = (
                Fraction(dot(c, w), 1 << (unit + GRID))
                - Fraction(dot(product, w), 1 << 3 * GRID)
                + Fraction(square, 1 << 2 * unit) / (4 * delta)
            )
            best = value if best is None else min(best, value)
            if square == 0 or before is not None and 2 * square > before:
                break
            step = solve(columns, [r / (1 << (unit + 1)) for r in rest])
            w = [a + int(b * 2.0**GRID) for a, b in zip(w, step)]
        if Fraction(square, 1 << 2 * unit) <= best * delta / 2**60:
            break  # what the remainder adds to the maximum is negligible
    demand(best is not None, "its matrix cannot be proved to be positive definite")
    return up(best * Fraction(4) ** g)


# --- the rungs ---------------------------------------------------------------------------------
#
# Each derives a T >= tau_+(nu) = max over ||u|| <= 1 of sum_i nu_i (x_i . u)_+.


def triangle(problem, nu, witness, work):
    """Section 3.7."""
    weights, e = integers(nu)
    inner = [dot(column, weights) for column in problem.columns]
    linear = root_up(Fraction(dot(inner, inner), 1 << 2 * (e + problem.ex)))
    return (linear + sum(abs(Fraction(v)) * r for v, r in zip(nu, problem.norms()))) / 2


def gram_of_rows(problem, squares, pairs, work):
    """sum_i b_i x_i x_i' - 1/2 sum_p w_p (x_i x_j' + x_j x_i'), as {(k, l): fraction}, l <= k."""
    d = problem.d
    numbers, e = integers(squares + [Fraction(w) / 2 for w in pairs.values()])
    work.spend(problem.n * d * (d + 3) // 2 + 2 * d * len(pairs), problem.bits + 64)
    rows = [[b * entry for entry in row] for b, row in zip(numbers, problem.rows)]
    for (i, j), half in zip(pairs, numbers[problem.n :]):
        rows[i] = [a - half * b for a, b in zip(rows[i], problem.rows[j])]
        rows[j] = [a - half * b for a, b in zip(rows[j], problem.rows[i])]
    columns = list(zip(*rows))
    unit = 1 << (e + 2 * problem.ex)
    return {
        (k, l): Fraction(dot(problem.columns[k], columns[l]), unit) for k in range(d) for l in range(k + 1)
    }


class Metric:
    """S = W W', or the identity."""

    def __init__(self, problem, factor, work):
        self.problem, self.s = problem, None
        if factor is not None:
            d, rank = problem.d, len(factor[0])
            work.spend(d * d * (rank + 4 * d + problem.n), 128)
            flat, e = integers([entry for row in factor for entry in row])
            rows = [flat[k * rank : (k + 1) * rank] for k in range(d)]
            self.s, self.unit = [[dot(a, b) for b in rows] for a in rows], 1 << 2 * e

    def reach(self):
        """rho_i >= ||S x_i||."""
        if self.s is None:
            return self.problem.norms()
        unit = (self.unit << self.problem.ex) ** 2
        images = ([dot(line, row) for line in self.s] for row in self.problem.rows)
        return [root_up(Fraction(dot(image, image), unit)) for image in images]

    def symmetrized(self, b):
        """1/2 (B S + S B)."""
        if self.s is None:
            return b
        keys = list(b)
        entries, e = integers(b.values())
        full = [[0] * self.problem.d for _ in range(self.problem.d)]
        for (k, l), entry in zip(keys, entries):
            full[k][l] = full[l][k] = entry
        unit = self.unit << (e + 1)
        return {(k, l): Fraction(dot(full[k], self.s[l]) + dot(self.s[k], full[l]), unit) for k, l in keys}


def form_of_u(problem, linear, squares, pairs, kinks, metric, lam, work):
    """At least the maximum over u of c.u - u'Au with c = sum_i linear_i x_i and

    A = lambda I - sum_i squares_i x_i x_i' + 1/2 sum_p w_p (x_i x_j' + x_j x_i') + 1/2 (B S + S B),
    B = sum_i kinks_i x_i x_i'."""
    numbers, e = integers(linear)
    work.spend(problem.n * problem.d, problem.bits)
    c = [Fraction(dot(column, numbers), 1 << (e + problem.ex)) for column in problem.columns]
    a = {key: -entry for key, entry in gram_of_rows(problem, squares, pairs, work).items()}
    for key, entry in metric.symmetrized(gram_of_rows(problem, kinks, {}, work)).items():
        a[key] += entry
    for k in range(problem.d):
        a[k, k] += lam
    return maximum(c, a, work)


def check_kinks(theta, sigma):
    demand(all(0 <= t <= 1 for t in theta), "a theta is not in [0, 1]")
    demand(all(-1 <= s <= 1 for s in sigma), "a sigma is not in [-1, 1]")


def quadratic(problem, nu, witness, work):
    """Section 3.2. Numbers q_i >= nu_i / (4 mu_i) and k_i <= theta_i |nu_i| / (2 rho_i) prove as much
    as the quotients: on P t^2 is not negative, and on N a smaller k_i is a smaller theta_i in
    -|t| <= -t ((1 - theta) sigma + k' (S x . u)), which needs (1 - theta) + k' rho <= 1."""
    demand(all(mu > 0 for mu in witness["mu"]), "a mu is not above 0")
    check_kinks(witness["theta"], witness["sigma"])
    metric = Metric(problem, witness["metric"], work)
    mus, thetas, sigmas = map(iter, (witness["mu"], witness["theta"], witness["sigma"]))
    linear, squares, kinks = [], [], []
    total = Fraction(witness["lambda"])
    for value, rho in zip(map(Fraction, nu), metric.reach()):
        square = kink = Fraction(0)
        coefficient = value / 2
        if value > 0:
            mu = Fraction(next(mus))
            total += value * mu / 4
            square = up(value / (4 * mu))
        elif value < 0:
            theta, sigma = Fraction(next(thetas)), Fraction(next(sigmas))
            coefficient += (1 - theta) * sigma * value / 2
            kink = down(theta * -value / (2 * rho)) if rho else kink
        linear.append(coefficient)
        squares.append(square)
        kinks.append(kink)
    lam = Fraction(witness["lambda"])
    return total + form_of_u(problem, linear, squares, {}, kinks, metric, lam, work)


def pairs(problem, nu, witness, work):
    """Section 3.4. z_i = 0 where x_i = 0, so those rows are left out of the form of z."""
    check_kinks(witness["theta"], witness["sigma"])
    demand(all(a >= 0 for a in witness["anchors"]), "an anchor is below 0")
    metric = Metric(problem, witness["metric"], work)
    squares = list(map(Fraction, witness["squares"]))
    linear, kinks, h, m = [], [], [], {}
    place = {}
    anchors, thetas, sigmas = (map(Fraction, witness[k]) for k in ("anchors", "theta", "sigma"))
    rows = zip(map(Fraction, nu), anchors, thetas, sigmas, metric.reach(), problem.rows)
    for i, (value, a, theta, sigma, rho, row) in enumerate(rows):
        linear.append(value / 2 - a * (1 - theta) * sigma)
        kinks.append(down(a * theta / rho) if rho else Fraction(0))
        if any(row):
            place[i] = len(h)
            m[len(h), len(h)] = squares[i]
            h.append(value / 2 + a)
    for (i, j), w in witness["pairs"].items():
        if i in place and j in place and w:
            m[place[i], place[j]] = -abs(Fraction(w)) / 2
    lam = Fraction(witness["lambda"])
    of_u = form_of_u(problem, linear, squares, witness["pairs"], kinks, metric, lam, work)
    return lam + of_u + maximum(h, m, work)


def quartic(problem, nu, witness, work):
    """Section 3.5. The coefficient alpha_k of (x_i . u)^k in |nu_i| r_i p_i is rounded by less than
    2^-99 of itself, and |x_i . u| <= r_i; so 2^-99 |alpha_k| r_i^k is added to T for it."""
    d, n = problem.d, problem.n
    demand(all(0 < touch <= 1 for touch in witness["touch"]), "a touch is not in (0, 1]")
    demand(all(slope >= 0 for slope in witness["slope"]), "a slope is below 0")
    demand(all(-1 <= o <= 1 for o in witness["offset"]), "an offset is not in [-1, 1]")
    work.spend(n * math.comb(d + 3, 4) * 2 + 10 * len(witness["gram"]) * d, 4 * problem.bits)
    touches, slopes, offsets = map(iter, (witness["touch"], witness["slope"], witness["offset"]))
    total = Fraction(0)
    powers = [[Fraction(0)] * n for _ in range(5)]  # powers[k][i] = alpha_k of row i
    for i, (value, r) in enumerate(zip(map(Fraction, nu), problem.norms())):
        if value > 0:
            w = Fraction(next(touches))
            p = w * (1 + w) ** 2
            p = [w * w * (2 * w + 1) / (4 * p), Fraction(1, 2), (1 + 2 * w + 3 * w * w) / (4 * p), 0, -1 / (4 * p)]
        elif value < 0:
            k, o = Fraction(next(slopes)), Fraction(next(offsets))
            p = [0, -(2 + 3 * o - o**3) / 4, -3 * k * (1 - o * o) / 4, 3 * k * k * o / 4, k**3 / 4]
        if value != 0 and r != 0:
            total += up(abs(value) * r * p[0])
            for k in range(1, 5):
                alpha = abs(value) * p[k] / r ** (k - 1)
                powers[k][i] = down(alpha)
                total += up(abs(alpha) * r**k) / 2**99

    # p(u) + v'Gv as forms of degree three and four; on the sphere u_a = u_a ||u||^2 and so on.
    form = defaultdict(Fraction)

    def add(variables, value):
        if len(variables) < 3:
            for e in range(d):
                form[tuple(sorted(variables + (e, e)))] += value
        else:
            form[tuple(sorted(variables))] += value

    def expand(degree, variables, column, unit):
        """Adds sum_i column_i prod_{variables} x_i . u^(degree - how many), from the last one on."""
        for e in range(variables[-1] if variables else 0, d):
            chosen = variables + (e,)
            if len(chosen) < degree:
                expand(degree, chosen, list(map(mul, column, problem.columns[e])), unit)
            else:
                orders = math.factorial(degree)
                for variable in set(chosen):
                    orders //= math.factorial(chosen.count(variable))
                add(chosen, Fraction(orders * dot(column, problem.columns[e]), unit))

    for degree in range(1, 5):
        column, e = integers(powers[degree])
        expand(degree, (), column, 1 << (e + degree * problem.ex))
    v = [(a,) for a in range(d)] + [(a, b) for a in range(d) for b in range(a, d)]
    gram = dict(zip(((i, j) for i in range(len(v)) for j in range(i + 1)), map(Fraction, witness["gram"])))
    for (i, j), entry in gram.items():
        add(v[i] + v[j], entry if i == j else 2 * entry)

    # lambda_min(G) >= -e, and v'v <= 2 on the sphere.
    largest = max(map(abs, gram.values()))
    if largest > 0:
        t = largest.numerator.bit_length() - largest.denominator.bit_length() + 1  # largest < 2^t
        half, odd = divmod(t, 2)
        matrix = on_grid(gram, [-half] * len(v) if not odd else [-(half + 1)] * len(v))
        work.spend(len(v) ** 3)
        for shift in [0.0] + [-(2.0**-power) for power in range(52, 7, -2)]:
            columns = cholesky(matrix, shift)
            if columns is not None:
                break
        demand(columns is not None, "gram is not positive semidefinite")
        least = least_eigenvalue(matrix, columns, shift) * Fraction(4) ** (half + odd)
        total += max(Fraction(0), -2 * least)

    # No monomial exceeds 1 on the sphere, and level ||u||^4 is level.
    level = sum(form[(a,) * 4] for a in range(d)) / d
    for a in range(d):
        for b in range(d):
            form[tuple(sorted((a, a, b, b)))] -= level
    return max(Fraction(0), total + level + sum(map(abs, form.values())))


class Ray:
    """A generator g: exact, in units of 2^-52; as floats; z_i . g for the rows of P; their positive
    sum g_+(g); and the generation of midpoints."""

    __slots__ = ("g", "floats", "inner", "value", "level")

    def __init__(self, g, inner, level):
        self.g, self.inner, self.level = g, inner, level
        self.floats = [entry / 2.0**52 for entry in g]
        self.value = sum(entry for entry in inner if entry > 0)

    def middle(self, other):
        """Exact, because multiples of 2^(52 - level) are even below level 52."""
        g = [(a + b) >> 1 for a, b in zip(self.g, other.g)]
        inner = [(a + b) >> 1 for a, b in zip(self.inner, other.inner)]
        return Ray(g, inner, max(self.level, other.level) + 1)


class Cones:
    """Section 3.6. z_i = |nu_i| x_i in units of 2^-e. In a cone of rays g_k, with theta_i in [0, 1]
    and w = sum_N theta_i z_i, every l with l . g_k >= F_k = sum_P (z_i . g_k)_+ - w . g_k proves the
    bound ||l||. w is carried as integers in units of 2^-(e + shift)."""

    def __init__(self, problem, nu, witness, work):
        self.d, self.work, self.tree, self.position = problem.d, work, witness["tree"], 0
        weights, e = integers(nu)
        e += problem.ex
        # Proving a smaller number, the next one down that is an integer in this unit, is enough.
        self.bound = floor_scaled(Fraction(witness["bound"]), e)
        self.positive = [[v * a for a in row] for v, row in zip(weights, problem.rows) if v > 0]
        negative = [i for i, v in enumerate(weights) if v < 0]
        self.weighted = [[-weights[i] * column[i] for i in negative] for column in problem.columns]
        exponent = math.frexp(max(map(abs, problem.floats)))[1]
        floats = [math.ldexp(entry, -exponent) for entry in problem.floats]
        self.negative = [[floats[i * self.d + k] for i in negative] for k in range(self.d)]

    def gradient(self, v):
        """w(v) = sum of z_i over the rows of N with x_i . v > 0. Each theta_i is 0 or 1, whatever
        rounding does; the order of the operations is that of whoever wrote the tree."""
        inner = [entry * v[0] for entry in self.negative[0]]
        for column, factor in zip(self.negative[1:], v[1:]):
            inner = [a + entry * factor for a, entry in zip(inner, column)]
        chosen = [entry > 0 for entry in inner]
        return [sum(compress(column, chosen)) for column in self.weighted]

    def next(self):
        demand(self.position < len(self.tree), "the tree ends before its last cone")
        self.position += 1
        return self.tree[self.position - 1]

    def check(self):
        d = self.d
        demand(len(self.tree) >= 1 << min(d, 64), "the tree ends before its last orthant")
        rows = len(self.positive) + len(self.weighted[0])
        self.work.spend((len(self.tree) + (d << d)) * (2 * rows + d**3 + 100))
        axes = []
        for k in range(d):
            unit = [0] * d
            unit[k] = 1 << 52
            plus = Ray(unit, [row[k] << 52 for row in self.positive], 0)
            minus = Ray([-a for a in unit], [-a for a in plus.inner], 0)
            axes.append((plus, minus))
        for orthant in range(1 << d):
            rays = [axes[k][orthant >> k & 1] for k in range(d)]
            v = [sum(column) for column in zip(*(ray.floats for ray in rays))]
            stack = [(rays, self.gradient(v), 0, 0)]
            while stack:
                self.read(*stack.pop(), stack)
        demand(self.position == len(self.tree), "the tree goes on after its last cone")

    def read(self, rays, w, shift, steps, stack):
        d = self.d
        code = self.next()
        while code == 2:
            h = self.next()
            v = [0.0] * d
            for ray in rays:
                quanta = self.next()
                v = [a + quanta * b for a, b in zip(v, ray.floats)]
            target = self.gradient(v)
            if h == 0:
                w, shift, steps = target, 0, 0
            else:
                w = [(a << 8) + h * ((b << shift) - a) for a, b in zip(w, target)]
                shift, steps = shift + 8, steps + 1
                demand(steps <= MOST_STEPS, "the tree has more than {} steps on end", MOST_STEPS)
            code = self.next()
        if code < 2:
            tight = (1 << d) - 1
            if code == 1:
                tight = int.from_bytes(bytes(self.next() for _ in range((d + 7) // 8)), "little")
                demand(tight >> d == 0, "a leaf of the tree names a generator that does not exist")
            demand(self.is_proved(rays, w, shift, tight), "the leaf that ends at byte {} of the tree does "
                   "not prove the bound", self.position)
            return
        j = 1
        pair = code - 3
        while pair >= j:
            pair, j = pair - j, j + 1
        demand(j < d, "byte {} of the tree names no pair", self.position - 1)
        middle = rays[j].middle(rays[pair])
        demand(middle.level <= 52, "the tree is too deep")
        first, second = list(rays), list(rays)
        first[j] = middle
        second[pair] = middle
        stack.append((second, w, shift, steps))
        stack.append((first, w, shift, steps))

    def is_proved(self, rays, w, shift, tight):
        unit = self.bound << shift << 52
        f = [(ray.value << shift) - dot(w, ray.g) for ray in rays]  # in units of 2^-(e + shift + 52)
        if unit == 0:
            return all(entry <= 0 for entry in f)
        if any(entry > unit for entry in f):
            return False  # l . g_k <= ||l||, since ||g_k|| <= 1
        goals = [max(entry, -unit) / unit + 2.0**-42 for entry in f]
        active = {k for k in range(self.d) if tight >> k & 1}
        while True:
            l = self.shortest([(rays[k].floats, goals[k]) for k in sorted(active)])
            if l is None:
                return False
            l = [int(entry * 2.0**64) for entry in l]  # in units of 2^-64 of the bound
            missed = {k for k, ray in enumerate(rays) if dot(l, ray.g) * (unit >> 52) < f[k] << 64}
            if not missed:
                return dot(l, l) <= 1 << 128
            if missed <= active:
                return False
            active |= missed

    def shortest(self, constraints):
        """About the shortest l with l . g = goal for all of these, by Gram-Schmidt."""
        basis = []
        for g, goal in constraints:
            q = g
            for _ in range(2):
                for other, _ in basis:
                    product = dot(q, other)
                    q = [a - product * b for a, b in zip(q, other)]
            norm = math.sqrt(dot(q, q))
            if norm < 2.0**-50:
                return None
            q = [entry / norm for entry in q]
            rest = goal - sum(dot(g, other) * value for other, value in basis)
            basis.append((q, rest / dot(q, g)))
        return [sum(value * q[k] for q, value in basis) for k in range(self.d)]


def cone_tree(problem, nu, witness, work):
    work.spend(2 * problem.n * problem.d, problem.bits)
    Cones(problem, nu, witness, work).check()
    return Fraction(witness["bound"])


DERIVE = dict(zip(RUNGS, (cone_tree, quartic, pairs, quadratic, triangle)))


# --- the two claims ----------------------------------------------------------------------------


def prove_lower(problem, certificate, work):
    """(L) of section 3: p* >= s (y . nu) - 1/2 s^2 ||nu||^2 if s T <= beta."""
    if certificate.lower <= 0:
        return  # (P) is a sum of squares
    s = Fraction(certificate.scale)
    nu, e = integers(certificate.nu)
    gain = s * Fraction(dot(problem.y, nu), 1 << (problem.ey + e))
    value = gain - s * s * Fraction(dot(nu, nu), 1 << (2 * e + 1))
    demand(certificate.lower <= value, "s (y . nu) - 1/2 s^2 ||nu||^2 is {}", approximate(value))
    for sign, witness in ((1, certificate.plus), (-1, certificate.minus)):
        signed = [sign * entry for entry in certificate.nu]
        where = "the witness for tau_+({}nu): ".format("" if sign > 0 else "-")
        try:
            tau = DERIVE[witness["rung"]](problem, signed, witness, work)
        except Refuted as error:
            raise Refuted(where + str(error))
        demand(s * tau <= problem.beta, where + "T is {}, and s T exceeds beta by {}",
               approximate(tau), approximate(s * tau - problem.beta))


def prove_upper(problem, certificate, work):
    """p* is at most the value of (P) at the network, which is computed exactly."""
    n, d, m = problem.n, problem.d, certificate.m
    work.spend(n * (d + 1) * m, problem.bits)
    u, eu = integers(certificate.u)
    a, ea = integers(certificate.a)
    neurons = [u[j * d : (j + 1) * d] for j in range(m)]
    e = problem.ex + eu + ea
    error = 0  # the sum of squares in units of 4^-(e + ey)
    for row, target in zip(problem.rows, problem.y):
        output = sum(weight * max(0, dot(row, neuron)) for weight, neuron in zip(a, neurons))
        error += ((output << problem.ey) - (target << e)) ** 2
    value = Fraction(error, 1 << (2 * (e + problem.ey) + 1))
    penalty = Fraction(dot(u, u), 1 << 2 * eu) + Fraction(dot(a, a), 1 << 2 * ea)
    value += problem.beta * penalty / 2
    demand(value <= certificate.upper, "(P) at the network is {}", approximate(value))


def approximate(q):
    """A fraction for people."""
    try:
        return repr(float(q))
    except OverflowError:
        return "beyond float64"


# --- the program -------------------------------------------------------------------------------


class Report:
    """What was found."""

    def __init__(self, name):
        self.name, self.verdict, self.reason = name, "inconclusive", None
        self.certificate = self.source = None
        self.proved = {}

    def ratio(self):
        c = self.certificate
        ratio = c.upper / c.lower if c and c.lower > 0 else math.inf
        return ratio if math.isfinite(ratio) else None

    def json(self):
        c = self.certificate
        return {
            "verdict": self.verdict,
            "lower": c and c.lower,
            "upper": c and c.upper,
            "ratio": self.ratio(),
            "rung": c and c.rung,
            "reason": self.reason,
        }

    def text(self):
        c = self.certificate
        lines = [("file", ascii(os.path.basename(self.name))[1:-1])]
        if c:
            says = lambda claim: "proved" if self.proved.get(claim) else "not proved"
            lines += [
                ("data", "{} x {}, sha256 {}, {}".format(c.n, c.d, c.sha256, self.source)),
                ("lower", "{!r}  {}, {}".format(c.lower, c.rung, says("lower"))),
                ("upper", "{!r}  {} neurons, {}".format(c.upper, c.m, says("upper"))),
                ("ratio", "-" if self.ratio() is None else "{:.5f}".format(self.ratio())),
            ]
        lines.append(("verdict", self.verdict))
        if self.reason:
            lines.append(("reason", self.reason))
        return "\n".join("{:<11}{}".format(name, value) for name, value in lines)


def judge(report, raw, elsewhere, work):
    """Fills in the report, given the bytes of the file and the data of --data, or None."""
    certificate = report.certificate = Certificate(parse(raw))
    n, d = certificate.n, certificate.d
    report.source = "in the file" if certificate.data else "from elsewhere" if elsewhere else "not given"
    sources = [(n, d) + certificate.data] if certificate.data else []
    sources += [elsewhere] if elsewhere else []
    for source in sources:
        demand(source[:2] == (n, d), "the data are {} x {}, not {} x {}", *source[:2], n, d)
        demand(data_hash(*source) == certificate.sha256, "the data are not those of the hash")
    if not sources:
        raise Inconclusive("the file has no data; give --data and --target")
    problem = Problem(*sources[0], certificate.beta)
    failures = []
    for claim, prove in (("upper", prove_upper), ("lower", prove_lower)):
        try:
            prove(problem, certificate, work)
            report.proved[claim] = True
        except Refuted as error:
            failures.append("{} is not proved: {}".format(claim, error))
    demand(not failures, "{}", "; ".join(failures))
    report.verdict = "verified"


def check(raw, name="", elsewhere=None, max_work=10**10):
    report = Report(name)
    try:
        judge(report, raw, elsewhere, Work(max_work))
    except (Refuted, Inconclusive) as reason:
        report.verdict = type(reason).__name__.lower()
        report.reason = str(reason)
    except MemoryError:
        report.reason = "it needs more memory than there is"
    return report


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a Gapstream certificate file.")
    parser.add_argument("file", metavar="FILE", help="the certificate")
    parser.add_argument("--data", metavar="FILE", help="its data: a CSV file, or an NPY file of X")
    parser.add_argument("--target", metavar="COLUMN", help="the CSV column, or the NPY file, of y")
    parser.add_argument("--no-standardize", action="store_true", help="take the CSV data as they are")
    parser.add_argument("--no-bias", action="store_true", help="do not append a column of ones")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--max-work", metavar="N", type=int, default=10**10,
                        help="products of integers to be computed at most, about 10^7 a second")
    options = parser.parse_args(arguments)
    if (options.data is None) != (options.target is None):
        parser.error("--data and --target belong together")
    try:
        with open(options.file, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
        elsewhere = read_data(options) if options.data else None
    except OSError as error:
        parser.error("{}: {}".format(options.file, error.strerror))
    except Usage as error:
        parser.error(str(error))
    report = check(raw, options.file, elsewhere, options.max_work)
    print(json.dumps(report.json()) if options.json else report.text())
    return EXIT[report.verdict]


if __name__ == "__main__":
    sys.exit(main())
