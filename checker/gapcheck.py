#!/usr/bin/env python3
"""Checks a Gapstream certificate file: that lower <= p* <= upper is proved by what is in it.

    p* = min over m, u, a of  1/2 sum_i (f(x_i) - y_i)^2  +  beta/2 sum_j (||u_j||^2 + a_j^2),
    f(x) = sum_{j <= m} a_j (x . u_j)_+

The file is described in docs/certificate-format.md, and why its evidence proves its claims in
docs/mathematics.md, whose sections are cited below. This program shares no code with Gapstream and
needs nothing but Python 3.9.

Every float64 is an integer over a power of two, and every inequality that a verdict rests on is
decided in integers or fractions, exactly. Floats serve only to find what need not be exact: a
vector l, a factor L, a point w, a theta that is 0 or 1. So no rounding error has to be estimated.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import math
import os
import re
import struct
import sys
from collections import defaultdict
from fractions import Fraction
from functools import reduce
from itertools import combinations_with_replacement, compress
from operator import add, mul

RUNGS = ("cone-bnb", "quartic", "pairs", "quadratic", "triangle")  # the last is the weakest
KEYS = ("file", "verdict", "lower", "upper", "ratio", "rung", "reason")
EXIT = {"verified": 0, "refuted": 1, "inconclusive": 6}

MOST_BYTES = 256 * 2**20
MOST_DEPTH = 32
MOST_VALUES = 10_000
MOST_MARKS = 2_000_000  # brackets, commas and quotes; far more than that many values need
MOST_ESCAPES = 2_000_000
MOST_CHARACTERS = 400  # of a number
MOST_FIELD = 1_000  # characters, in units of UTF-16, of a field of a CSV file
MOST_ENTRIES = 2_000_000  # n (d + 1) and m (d + 1)
MOST_ROWS = 500_000
MOST_COLUMNS = 5_000
MOST_PAIRS = 1_000_000
MOST_ORDER = 2_000  # of matrices in place of which there are smaller ones
MOST_TREE = 6_000_000
MOST_STEPS = 400
MOST_OPEN = 2 * 10**7  # open cones times rows
MOST_SIZE = {"cone-bnb": 22, "quartic": 24, "pairs": 2_000}  # of d, of d and of n
MOST_WORK = 10**10
LEAST, LARGEST = 5e-324, 1.7976931348623157e308  # of the positive float64
RANGES = {"touch": (LEAST, 1), "slope": (0, LARGEST), "offset": (-1, 1), "mu": (LEAST, LARGEST),
          "theta": (0, 1), "sigma": (-1, 1), "anchors": (0, LARGEST)}


class Refuted(Exception):
    """The file is malformed, or its evidence does not prove its claim."""


class Inconclusive(Exception):
    """Nothing can be said."""


def demand(condition, reason, *values):
    if not condition:
        raise Refuted(reason.format(*values))


class Work:
    """Counts products of numbers, about 10^7 a second, before they are computed."""

    def __init__(self, allowed):
        self.left = allowed

    def spend(self, products, *factors):
        """Products with these lists of integers, which may be long."""
        bits = sum(max(map(abs, factor), default=0).bit_length() for factor in factors)
        self.left -= products * (1 + (bits // 512) ** 2)
        if self.left < 0:
            raise Inconclusive("it is more work than --max-work allows")


# --- exact numbers ------------------------------------------------------------------------------


def integers(values):
    """Integers v_i and e >= 0 with values[i] = v_i / 2^e, for floats and dyadic fractions."""
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
    return -down(-q)


def root_up(q):
    """A dyadic fraction that is at least the root of q >= 0, and hardly more."""
    k = max(0, 100 + (q.denominator.bit_length() - q.numerator.bit_length()) // 2)
    square = -floor_scaled(-q, 2 * k)
    root = math.isqrt(square)
    return Fraction(root + (root * root < square), 1 << k)


# --- the file -----------------------------------------------------------------------------------

MARK = re.compile(r'["\[\]{},]')
STRING_MARK = re.compile(r'["\\]')


def limit_structure(text):
    """Refuses what would make a parser allocate or recurse without bound."""
    depth = marks = escapes = 0
    match = MARK.search(text)
    while match:
        marks += 1
        depth += (match.group() in "[{") - (match.group() in "]}")
        if match.group() == '"':
            match = STRING_MARK.search(text, match.end())
            while match and match.group() == "\\" and escapes <= MOST_ESCAPES:
                escapes += 1
                match = STRING_MARK.search(text, match.end() + 1)
            demand(match, "a string does not end")
        demand(depth <= MOST_DEPTH, "it is nested more than {} deep", MOST_DEPTH)
        demand(marks <= MOST_MARKS, "it has more than {} values", MOST_VALUES)
        demand(escapes <= MOST_ESCAPES, "it has more than {} escapes", MOST_ESCAPES)
        match = MARK.search(text, match.end())


def parse(raw):
    def number(text):
        demand(len(text) <= MOST_CHARACTERS, "a number has {} characters", len(text))
        demand(math.isfinite(float(text)), "a number is {}", text[:40])  # also NaN and Infinity
        return float(text)

    def unique(pairs):
        demand(len(dict(pairs)) == len(pairs), "a name appears twice in an object")
        return dict(pairs)

    def count(value):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + (sum(map(count, inner)) if isinstance(value, (dict, list)) else 0)

    demand(len(raw) <= MOST_BYTES, "it has more than {} bytes", MOST_BYTES)
    try:
        text = raw.decode("utf-8")  # strict; json.loads refuses a byte order mark
        limit_structure(text)
        hooks = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), number)
        document = json.loads(text, object_pairs_hook=unique, **hooks)
    except ValueError as error:
        raise Refuted("it is not JSON in UTF-8: {}".format(ascii(str(error))[1:-1][:200]))
    demand(count(document) <= MOST_VALUES, "it has more than {} values", MOST_VALUES)
    return document


def members(value, where, required, optional=()):
    """The values of the required names, in their order; all numbers in the file are floats."""
    demand(isinstance(value, dict), "{} is not an object", where)
    for name in required:
        demand(name in value, "{} has no {}", where, name)
    for name in value:
        demand(name in required or name in optional, "{} has a {}", where, ascii(name)[:80])
    return [value[name] for name in required]


def real(value, where, least=-math.inf, most=math.inf):
    good = isinstance(value, float) and least <= value <= most
    demand(good, "{} is not a number from {} to {}", where, least, most)
    return value


def size(value, where, least, most):
    demand(real(value, where, least, most).is_integer(), "{} is not an integer", where)
    return int(value)


def decode(value, where, most):
    """The bytes of canonical base64."""
    demand(isinstance(value, str) and len(value) <= (most + 2) // 3 * 4, "{} is no such base64", where)
    try:
        result = base64.b64decode(value, validate=True)
    except ValueError:
        result = None
    good = result is not None and base64.b64encode(result).decode() == value
    demand(good, "{} is not base64", where)
    return result


def array(value, where, *shape, most=math.inf):
    """The entries, row by row. None in the shape stands for any length, with most entries in all."""
    dtype, found, data = members(value, where, ("dtype", "shape", "data"))
    demand(dtype == "<f8", "the dtype of {} is not <f8", where)
    demand(isinstance(found, list) and len(found) == len(shape), "{} has another shape", where)
    found = [size(length, "the shape of " + where, 0, 2**53) for length in found]
    for length, wanted in zip(found, shape):
        demand(wanted in (None, length), "{} is {} long instead of {}", where, length, wanted)
    count = math.prod(found)
    demand(count <= most, "{} has {} entries", where, count)
    raw = decode(data, where, 8 * count)
    demand(len(raw) == 8 * count, "{} has not {} entries", where, count)
    entries = struct.unpack("<{}d".format(count), raw)
    demand(all(map(math.isfinite, entries)), "{} has an entry that is not finite", where)
    return list(entries)


class Certificate:
    """What a file says, of the right shape. Nothing in it is believed yet."""

    def __init__(self, document):
        demand(isinstance(document, dict), "it is not an object")
        demand(isinstance(document.get("format"), str), "it has no format")
        if document["format"] != "gapcert/1":
            raise Inconclusive("the format is " + ascii(document["format"])[:80])
        names = ("problem", "data", "upper", "lower")
        parts = members(document, "the file", names, ("format", "provenance"))
        demand(isinstance(document.get("provenance", {}), dict), "provenance is not an object")

        fixed = {"loss": "half-squared-error", "penalty": "half-weight-decay", "width": "any"}
        n, d, beta, *found = members(parts[0], "problem", ("n", "d", "beta", *fixed))
        demand(found == list(fixed.values()), "the loss, penalty or width is not known")
        self.n = n = size(n, "n", 1, MOST_ROWS)
        self.d = d = size(d, "d", 1, MOST_COLUMNS)
        self.beta = real(beta, "beta")
        demand(self.beta > 0, "beta is {}", self.beta)
        demand(n * (d + 1) <= MOST_ENTRIES, "n (d + 1) exceeds {}", MOST_ENTRIES)

        (self.sha256,) = members(parts[1], "data", ("sha256",), ("X", "y"))
        good = isinstance(self.sha256, str) and re.fullmatch("[0-9a-f]{64}", self.sha256)
        demand(good, "data.sha256 is not a hash")
        self.data = None
        demand(("X" in parts[1]) == ("y" in parts[1]), "data has only one of X and y")
        if "X" in parts[1]:
            self.data = n, d, array(parts[1]["X"], "X", n, d), array(parts[1]["y"], "y", n)

        value, network = members(parts[2], "upper", ("value", "network"))
        self.upper = real(value, "upper.value")
        u, a = members(network, "network", ("U", "a"))
        self.u = array(u, "U", None, d, most=MOST_ENTRIES)
        self.m = len(self.u) // d
        demand(self.m * (d + 1) <= MOST_ENTRIES, "m (d + 1) exceeds {}", MOST_ENTRIES)
        self.a = array(a, "a", self.m)

        names = ("value", "scale", "dual", "witness")
        value, scale, dual, witness = members(parts[3], "lower", names)
        self.lower, self.scale = real(value, "lower.value"), real(scale, "scale", 0)
        self.nu = array(dual, "dual", n)
        signs = members(witness, "witness", ("plus", "minus"))
        self.witnesses = [self.witness(signs[0], 1), self.witness(signs[1], -1)]
        for witness in self.witnesses:
            if witness["rung"] not in RUNGS:
                raise Inconclusive("the rung is " + ascii(witness["rung"])[:80])
        self.rung = max((witness["rung"] for witness in self.witnesses), key=RUNGS.index)

    def witness(self, value, sign):
        demand(isinstance(value, dict), "a witness is not an object")
        rung, n, d = value.get("rung"), self.n, self.d
        demand(isinstance(rung, str), "a witness has no rung")
        above = sum(sign * entry > 0 for entry in self.nu)
        below = sum(sign * entry < 0 for entry in self.nu)
        q = d + d * (d + 1) // 2
        vectors, others, optional = {
            "cone-bnb": ({}, ("bound", "tree"), ()),
            "quartic": (dict(touch=above, slope=below, offset=below, gram=q * (q + 1) // 2), (), ()),
            "pairs": (dict(squares=n, anchors=n, theta=n, sigma=n), ("lambda", "pairs"), ("metric",)),
            "quadratic": (dict(mu=above, theta=below, sigma=below), ("lambda",), ("metric",)),
        }.get(rung, ({}, (), ()))
        if rung in RUNGS:
            most = MOST_SIZE.get(rung, math.inf)
            demand((n if rung == "pairs" else d) <= most, "rung {} is for {} at most", rung, most)
            members(value, rung, ("rung", *vectors, *others), optional)
        result = {name: array(value[name], name, length) for name, length in vectors.items()}
        for name in RANGES.keys() & result.keys():  # whatever lower.value is, and of every row
            least, most = RANGES[name]
            good = all(least <= entry <= most for entry in result[name])
            demand(good, "{} is not from {} to {} everywhere", name, least, most)
        result.update(rung=rung, metric=None)
        for name in {"bound", "lambda"}.intersection(others):
            result[name] = Fraction(real(value[name], name, 0))
        if "tree" in others:
            result["tree"] = decode(value["tree"], "tree", MOST_TREE)
        if optional and value.get("metric") is not None:
            result["metric"] = array(value["metric"], "metric", d, None, most=d * (d + 1))
            demand(result["metric"], "the metric has no columns")
        if "pairs" in others:
            table = array(value["pairs"], "pairs", None, 3, most=3 * MOST_PAIRS)
            result["pairs"] = dict(zip(zip(table[0::3], table[1::3]), map(Fraction, table[2::3])))
            demand(3 * len(result["pairs"]) == len(table), "a pair is there twice")
            for i, j in result["pairs"]:
                good = i.is_integer() and j.is_integer() and 0 <= j < i < n
                demand(good, "a pair is of the rows {} and {}", i, j)
        return result


# --- the data -----------------------------------------------------------------------------------


def data_hash(n, d, x, y):
    text = b"gapdata/1\n" + struct.pack("<qq", n, d)
    return hashlib.sha256(text + struct.pack("<{}d".format(n * d + n), *x, *y)).hexdigest()


def standardize(column):
    """Every operation is rounded to float64, in this order, unlike in sum()."""
    n, largest = len(column), max(map(abs, column))
    if largest == 0 or max(column) / largest - min(column) / largest <= 2.0**-48:
        raise ValueError("a column does not vary; give --no-standardize")
    column = [value / largest for value in column]
    for _ in range(2):
        mean = reduce(add, column, 0.0) / n
        column = [value - mean for value in column]
    deviation = math.sqrt(reduce(add, [value * value for value in column], 0.0) / n)
    return [value / deviation for value in column]


# What is white space around a name or a number: that of Unicode, without spaces that do not break.
WHITE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2028\u2029\u205f\u3000" + "".join(
    map(chr, (*range(0x2000, 0x2007), *range(0x2008, 0x200B))))
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def is_short(path, field):
    if len(field.encode("utf-16-le")) > 2 * MOST_FIELD:
        raise ValueError("{} has a field of more than {} characters".format(path, MOST_FIELD))
    return True


def read_csv(path, target, standard, bias):
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read().rstrip(WHITE)  # lines of white space may stand at the end
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:  # the end of the file closes a quote, as for gap certify
        rows = list(csv.reader(io.StringIO(text + '"', newline=""), strict=True))
    rows = [[field.strip(WHITE) for field in row if is_short(path, field)] for row in rows]
    names, target = rows[0] if rows else [], target.strip(WHITE)
    if not all(names) or len(set(names)) < len(names):
        raise ValueError("{} has a column without a name, or two of one name".format(path))
    if any(ord(c) < 32 or 127 <= ord(c) < 160 for name in names for c in name):
        raise ValueError("{} has a control character in a name".format(path))
    if target not in names or len(rows) < 3 or len(names) < 2:
        raise ValueError("{} has no two rows, or no column {} beside another".format(path, target))
    if len(rows) - 1 > MOST_ROWS or (len(rows) - 1) * len(names) > MOST_ENTRIES:
        raise ValueError("{} has more than {} rows or values".format(path, MOST_ROWS))
    for row in rows[1:]:
        good = len(row) == len(names) and all(map(NUMBER.fullmatch, row))
        if not good or not all(map(math.isfinite, map(float, row))):
            raise ValueError("{} has a row that is not {} finite numbers".format(path, len(names)))
    columns = list(zip(*(map(float, row) for row in rows[1:])))
    if standard:
        columns = [standardize(column) for column in columns]
    y = list(columns.pop(names.index(target)))
    if min(y) == max(y):
        raise ValueError("{} has a target that does not vary".format(path))
    if bias:
        columns.append([1.0] * len(y))
    return len(y), len(columns), [entry for row in zip(*columns) for entry in row], y


def read_npy(path, dimensions):
    """The shape and the entries, row by row."""
    with open(path, "rb") as file:
        raw = file.read(8 * MOST_ENTRIES + 2**17)
    start = 10 if raw[6:7] == b"\x01" else 12  # later versions have a longer header length
    end = start + int.from_bytes(raw[8:start], "little")
    header = raw[start:end].decode("latin-1")
    shape = re.search(r"'shape': \(([0-9, ]*)\)", header)
    shape = [int(part) for part in shape.group(1).split(",") if part.strip()] if shape else []
    good = len(shape) == dimensions and len(raw) - end == 8 * math.prod(shape) and all(shape)
    if raw[:6] != b"\x93NUMPY" or "'descr': '<f8'" not in header or not good:
        raise ValueError("{} is not an NPY file of float64 with {} axes".format(path, dimensions))
    entries = list(struct.unpack("<{}d".format(math.prod(shape)), raw[end:]))
    if not all(map(math.isfinite, entries)):
        raise ValueError("{} has an entry that is not finite".format(path))
    if "'fortran_order': True" in header and dimensions == 2:
        entries = [entry for i in range(shape[0]) for entry in entries[i :: shape[0]]]
    return shape, entries


def read_data(options):
    """n, d, X row by row and y, from what --data names."""
    with open(options.data, "rb") as file:
        is_npy = file.read(6) == b"\x93NUMPY"
    if not is_npy:
        standard, bias = not options.no_standardize, not options.no_bias
        return read_csv(options.data, options.target, standard, bias)
    (n, d), x = read_npy(options.data, 2)
    (rows,), y = read_npy(options.target, 1)
    if rows != n:
        raise ValueError("X has {} rows and y has {}".format(n, rows))
    return n, d, x, y


class Problem:
    """The data as integers: x_ik = rows[i][k] / 2^ex and y_i = y[i] / 2^ey."""

    def __init__(self, n, d, x, y, beta):
        self.n, self.d, self.floats, self.beta = n, d, x, Fraction(beta)
        self.flat, self.ex = integers(x)
        self.rows = [self.flat[i * d : (i + 1) * d] for i in range(n)]
        self.columns = [self.flat[k::d] for k in range(d)]
        self.y, self.ey = integers(y)

    def norms(self):
        """r_i >= ||x_i||."""
        return [root_up(Fraction(dot(row, row), 1 << 2 * self.ex)) for row in self.rows]


# --- fewer columns (section 5) ------------------------------------------------------------------
#
# For any n x r matrix Z and any d x r matrix V, with e_i >= ||x_i - V z_i|| and c >= ||V||,
#
#     tau_+(nu; X) <= c tau_+(nu; Z) + sum_i |nu_i| e_i.
#
# So where there are fewer rows than columns, evidence may be checked on Z, of n columns at most. Z and
# V come from floats; e and c, and everything about Z, are exact or on the safe side.


def to_grid(values, scale):
    """Multiples of 2^-60 near values / 2^scale, which keeps the integers short."""
    return [math.ldexp(round(math.ldexp(value, 60 - scale)), -60) for value in values]


def exponent(values):
    return math.frexp(max(map(abs, values), default=0.0))[1]


class FewerColumns:
    def __init__(self, problem, work):
        n, d, scale = problem.n, problem.d, exponent(problem.floats)
        work.spend(3 * n * n * d, problem.flat)
        basis, z = [], []
        for i in range(n):
            rest = [math.ldexp(value, -scale) for value in problem.floats[i * d : (i + 1) * d]]
            sums, before, length = [0.0] * n, math.inf, math.sqrt(dot(rest, rest))
            while length < before / 2 and length > 2.0**-46:  # a part that is left is used once more
                for j, part in enumerate([dot(vector, rest) for vector in basis]):
                    sums[j] += part
                    rest = [a - part * b for a, b in zip(rest, basis[j])]
                before, length = length, math.sqrt(dot(rest, rest))
            if length > 2.0**-46:
                sums[len(basis)] = length
                basis.append([value / length for value in rest])
            z.append(sums)
        self.basis = [to_grid(vector, 0) for vector in basis] or [[0.0] * d]
        self.rank = r = len(self.basis)
        z = [to_grid(row[:r], 0) for row in z]
        flat = [math.ldexp(value, scale) for row in z for value in row]
        self.problem = Problem(n, r, flat, [0.0] * n, problem.beta)
        v, ev = integers([value for vector in self.basis for value in vector])
        v = [v[j * d : (j + 1) * d] for j in range(r)]
        ez, self.losses = self.problem.ex, []
        for row, parts in zip(problem.rows, self.problem.rows):
            rest = [entry << (ez + ev) for entry in row]
            for part, vector in zip(parts, v):
                if part:
                    part <<= problem.ex
                    rest = [a - part * b for a, b in zip(rest, vector)]
            self.losses.append(root_up(Fraction(dot(rest, rest), 1 << 2 * (problem.ex + ez + ev))))
        square = 0  # of the Frobenius norm of V'V - I, in units of 2^-4ev
        for j in range(r):
            square += (dot(v[j], v[j]) - (1 << 2 * ev)) ** 2
            square += 2 * sum(dot(v[j], v[l]) ** 2 for l in range(j))
        self.stretch = root_up(1 + root_up(Fraction(square, 1 << 4 * ev)))

    def metric(self, w):
        """About V'W: every metric serves."""
        if w is None:
            return None
        rank, scale = len(w) // len(self.basis[0]), exponent(w)
        columns = [[math.ldexp(value, -scale) for value in w[l::rank]] for l in range(rank)]
        return [value for vector in self.basis for value in to_grid([dot(vector, c) for c in columns], 0)]

    def bound(self, rule, nu, witness, work):
        """What a rung proves on Z, for X."""
        work.spend(self.rank * len(witness["metric"] or []))
        t = rule(self.problem, nu, dict(witness, metric=self.metric(witness["metric"])), work)
        return self.stretch * t + sum(abs(v) * e for v, e in zip(nu, self.losses))


# --- positive definite matrices (section 5) -----------------------------------------------------
#
# A symmetric matrix is a list of rows {column: entry}, with entries in units of 2^-120 that are 1 at
# most. For any matrix L, with R = A - shift I - L L': since L L' is positive semidefinite and no
# eigenvalue of R exceeds its largest sum of magnitudes in a row,
#
#     lambda_min(A) >= shift - ||R||_inf.
#
# L is a Cholesky factor in floats, rounded to units of 2^-60; R is computed exactly.

GRID = 120
ONE = 1 << GRID


def on_grid(entries, scales):
    """D A D, D = diag(2^scales), or a little less in the order of semidefinite matrices. Rounding
    down takes away an E with entries in [0, 2^-120), and n 2^-120 I + E is semidefinite."""
    rows = [{} for _ in scales]
    for (i, j), entry in entries.items():
        rows[i][j] = rows[j][i] = floor_scaled(entry, GRID + scales[i] + scales[j])
    for i, row in enumerate(rows):
        row[i] = row.get(i, 0) - len(rows)
    return rows


def cholesky(matrix, shift, work):
    """Columns (i, diagonal entry, {row: entry below}) of a factor of A - shift I, in an order that
    keeps it sparse; None if that seems not to be positive definite."""
    if any(abs(entry) > ONE for row in matrix for entry in row.values()):
        return None
    rows = [{j: entry / ONE for j, entry in row.items()} for row in matrix]
    for i, row in enumerate(rows):
        row[i] -= shift
    columns, left = [], set(range(len(rows)))
    work.spend(len(left) ** 2)
    while left:
        i = min(left, key=lambda k: (len(rows[k]), k))
        left.remove(i)
        work.spend(10 * len(rows[i]) ** 2)
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
        columns.append((i, root, column))
    return columns


def least_eigenvalue(matrix, columns, shift):
    """A number that is at most lambda_min."""
    rest = [dict(row) for row in matrix]
    for i, row in enumerate(rest):
        row[i] -= int(shift * ONE)
    for i, root, column in columns:
        exact = [(j, int(entry * 2.0**60)) for j, entry in ((i, root), *column.items())]
        for j, entry in exact:
            row = rest[j]
            for k, other in exact:
                row[k] = row.get(k, 0) - entry * other
    norm = max(sum(map(abs, row.values())) for row in rest)
    return Fraction(int(shift * ONE) - norm, ONE)


def solve(columns, right):
    """About the solution z of L L' z = right."""
    z = list(right)
    for i, root, column in columns:
        z[i] /= root
        for j, entry in column.items():
            z[j] -= entry * z[i]
    for i, root, column in reversed(columns):
        z[i] = (z[i] - sum(entry * z[j] for j, entry in column.items())) / root
    return z


def maximum(linear, entries, work):
    """At least max over u of c.u - u'Au, for c = linear and A with these entries (i, j), j <= i. If
    lambda_min(A) >= delta > 0 then for all u and w

        c.u - u'Au <= c.w - w'Aw + ||c - 2Aw||^2 / (4 delta).

    First u is replaced by 2^g D u, D = diag(2^scales), which makes A and c about as large as 1."""
    n, scales = len(linear), []
    for i in range(n):
        a = entries[i, i]
        demand(a > 0, "a matrix is not positive definite")
        scales.append(-((a.numerator.bit_length() - a.denominator.bit_length() + 2) // 2))
    matrix = on_grid(entries, scales)
    scaled = [c * Fraction(2) ** s for c, s in zip(linear, scales)]
    top = max(map(abs, scaled), default=Fraction(0))
    g = top.numerator.bit_length() - top.denominator.bit_length()
    c, e = integers([c / Fraction(2) ** g for c in scaled])
    unit = max(e, 2 * GRID)  # c is taken in units of 2^-unit, A and w in units of 2^-120
    c = [entry << (unit - e) for entry in c]
    best = None if n else Fraction(0)
    for power in range(6, 55, 4) if n else ():
        columns = cholesky(matrix, 2.0**-power, work)
        delta = least_eigenvalue(matrix, columns, 2.0**-power) if columns else 0
        w, square = [0] * n, None
        for _ in range(60 if delta > 0 else 0):
            work.spend(3 * sum(map(len, matrix)) + 9 * n, c)
            product = [sum(entry * w[j] for j, entry in row.items()) for row in matrix]
            rest = [a - (2 * b << (unit - 2 * GRID)) for a, b in zip(c, product)]
            before, square = square, dot(rest, rest)
            value = Fraction(dot(c, w), 1 << (unit + GRID)) - Fraction(dot(product, w), 1 << 3 * GRID)
            value += Fraction(square, 1 << 2 * unit) / (4 * delta)
            best = value if best is None else min(best, value)
            step = solve(columns, [entry / (1 << (unit + 1)) for entry in rest])
            if before is not None and 2 * square > before or not all(abs(b) < 2.0**99 for b in step):
                break
            w = [a + int(b * 2.0**GRID) for a, b in zip(w, step)]
        if columns and (delta <= 0 or Fraction(square, 1 << 2 * unit) <= best * delta / 2**60):
            break  # a smaller shift proves nothing, or the remainder is negligible
    demand(best is not None, "a matrix cannot be proved to be positive definite")
    return up(best * Fraction(4) ** g)


# --- the rungs ----------------------------------------------------------------------------------
#
# Each derives a T >= tau_+(nu) = max over ||u|| <= 1 of sum_i nu_i (x_i . u)_+.


def triangle(problem, nu, witness, work):
    """Section 3.7."""
    weights, e = integers(nu)
    work.spend(2 * problem.n * problem.d, problem.flat, weights)
    inner = [dot(column, weights) for column in problem.columns]
    linear = root_up(Fraction(dot(inner, inner), 1 << 2 * (e + problem.ex)))
    return (linear + sum(abs(v) * r for v, r in zip(nu, problem.norms()))) / 2


def sum_of_squares(problem, weights, pairs, work):
    """sum_i b_i x_i x_i' - 1/2 sum_p w_p (x_i x_j' + x_j x_i') as d x d integers over 2^e, and e."""
    d, numbers = problem.d, [w / 2 for w in pairs.values()]
    numbers, e = integers(weights + numbers)
    work.spend(problem.n * d * (d + 3) // 2 + 2 * d * len(pairs), numbers, problem.flat)
    rows = [[b * entry for entry in row] for b, row in zip(numbers, problem.rows)]
    for (i, j), half in zip(pairs, numbers[problem.n :]):
        i, j = int(i), int(j)
        rows[i] = [a - half * b for a, b in zip(rows[i], problem.rows[j])]
        rows[j] = [a - half * b for a, b in zip(rows[j], problem.rows[i])]
    columns, result = list(zip(*rows)), [[0] * d for _ in range(d)]
    for k in range(d):
        for l in range(k + 1):
            result[k][l] = result[l][k] = dot(problem.columns[k], columns[l])
    return result, e + 2 * problem.ex


def part_of_u(problem, nu, b, a, theta, sigma, pairs, witness, work):
    """lambda + max over u of (c.u - u'Au) of section 3.4. For kinks_i any number from 0 to
    a_i theta_i / rho_i serves: the factor l_i of t_i is then still at most 1 in magnitude."""
    n, d = problem.n, problem.d
    w, es = integers(witness["metric"] or [])
    work.spend(d * d * (20 * d + n), w, w, problem.flat)
    w = w or [int(k == l) for k in range(d) for l in range(d)]
    rank = len(w) // d
    w = [w[k * rank : (k + 1) * rank] for k in range(d)]
    s, es = [[dot(p, q) for q in w] for p in w], 2 * es  # S = W W'
    kinks = []
    for row, anchor, t in zip(problem.rows, a, theta):
        image = [dot(line, row) for line in s]
        rho = root_up(Fraction(dot(image, image), 1 << 2 * (es + problem.ex)))
        kinks.append(down(anchor * t / rho) if rho > 0 else Fraction(0))
    linear = [v / 2 - p * (1 - t) * q for v, p, t, q in zip(nu, a, theta, sigma)]
    linear, e = integers(linear)
    c = [Fraction(dot(column, linear), 1 << (e + problem.ex)) for column in problem.columns]
    q, eq = sum_of_squares(problem, b, pairs, work)
    k_sum, ek = sum_of_squares(problem, kinks, {}, work)  # B
    entries = {}
    for k in range(d):
        for l in range(k + 1):
            kink = Fraction(dot(k_sum[k], s[l]) + dot(s[k], k_sum[l]), 1 << (ek + es + 1))
            entries[k, l] = kink - Fraction(q[k][l], 1 << eq) + (witness["lambda"] if k == l else 0)
    return witness["lambda"] + maximum(c, entries, work)


def pairs(problem, nu, witness, work):
    """Section 3.4. z_i = 0 where x_i = 0; such rows are left out of the form of z."""
    names = ("squares", "anchors", "theta", "sigma")
    b, a, theta, sigma = (list(map(Fraction, witness[name])) for name in names)
    of_u = part_of_u(problem, nu, b, a, theta, sigma, witness["pairs"], witness, work)
    kept = [i for i, row in enumerate(problem.rows) if any(row)]
    place = {i: k for k, i in enumerate(kept)}
    m = {(k, k): b[i] for k, i in enumerate(kept)}
    for (i, j), weight in witness["pairs"].items():
        if i in place and j in place:
            m[place[i], place[j]] = -abs(weight) / 2
    return of_u + maximum([nu[i] / 2 + a[i] for i in kept], m, work)


def quadratic(problem, nu, witness, work):
    """Section 3.2, which is section 3.4 without pairs, with b_i = nu_i / (4 mu_i) on P, rounded, and
    a_i = |nu_i| / 2 on N. There h_i = 0; on P the maximum of h_i z - b_i z^2 is nu_i^2 / (16 b_i)."""
    mu, theta, sigma = (map(Fraction, witness[name]) for name in ("mu", "theta", "sigma"))
    b = [up(v / (4 * next(mu))) if v > 0 else Fraction(0) for v in nu]
    a = [max(Fraction(0), -v) / 2 for v in nu]
    theta = [next(theta) if v < 0 else Fraction(0) for v in nu]
    sigma = [next(sigma) if v < 0 else Fraction(0) for v in nu]
    of_z = sum(up(v * v / (16 * q)) for v, q in zip(nu, b) if v > 0)
    return of_z + part_of_u(problem, nu, b, a, theta, sigma, {}, witness, work)


def row_polynomial(v, touches, slopes, offsets):
    """The coefficients of p_i, from the constant on, given nu_i = v."""
    if v > 0:
        w = Fraction(next(touches))
        q = 4 * w * (1 + w) ** 2
        return w * w * (2 * w + 1) / q, Fraction(1, 2), (1 + 2 * w + 3 * w * w) / q, 0, -1 / q
    if v < 0:
        k, o = Fraction(next(slopes)), Fraction(next(offsets))
        return 0, (o**3 - 3 * o - 2) / 4, 3 * k * (o * o - 1) / 4, 3 * k * k * o / 4, k**3 / 4
    return (0,) * 5


def quartic(problem, nu, witness, work):
    """Section 3.5. The coefficient of (x_i . u)^k in |nu_i| r_i p_i is rounded by less than 2^-99 of
    itself, and |x_i . u| <= r_i; so 2^-99 |coefficient| r_i^k is added to T."""
    d, n = problem.d, problem.n
    parameters = [iter(witness[name]) for name in ("touch", "slope", "offset")]
    total, powers = Fraction(0), [[Fraction(0)] * n for _ in range(5)]
    for i, (v, r) in enumerate(zip(nu, problem.norms())):
        for k, coefficient in enumerate(row_polynomial(v, *parameters)):
            if r > 0 and k == 0:
                total += up(abs(v) * r * coefficient)
            elif r > 0:
                exact = abs(v) * coefficient / r ** (k - 1)
                powers[k][i] = down(exact)
                total += up(abs(exact) * r**k) / 2**99

    form = defaultdict(Fraction)  # p + v'Gv on the sphere, of degree three and four

    def put(variables, value):
        """On the sphere a monomial of degree one or two is itself times ||u||^2."""
        for more in [(e, e) for e in range(d)] if len(variables) < 3 else [()]:
            form[tuple(sorted(variables + more))] += value

    for degree in range(1, 5):
        numbers, e = integers(powers[degree])
        work.spend(degree * n * math.comb(d + degree - 1, degree), numbers, *[problem.flat] * degree)
        for chosen in combinations_with_replacement(range(d), degree):
            orders = math.factorial(degree)
            for variable in set(chosen):
                orders //= math.factorial(chosen.count(variable))
            column = numbers
            for variable in chosen:
                column = map(mul, column, problem.columns[variable])
            put(chosen, Fraction(orders * sum(column), 1 << (e + degree * problem.ex)))
    v = [(a,) for a in range(d)] + [(a, b) for a in range(d) for b in range(a, d)]
    places = [(i, j) for i in range(len(v)) for j in range(i + 1)]
    work.spend(10 * d * len(places))
    gram = dict(zip(places, map(Fraction, witness["gram"])))
    for (i, j), entry in gram.items():
        put(v[i] + v[j], entry if i == j else 2 * entry)

    # lambda_min(G) >= least, and v'v <= 2 on the sphere.
    largest = max(map(abs, gram.values()))
    half = (largest.numerator.bit_length() - largest.denominator.bit_length() + 2) // 2
    matrix = on_grid(gram, [-half] * len(v))  # largest < 4^half
    for shift in [0.0] + [-(2.0**-power) for power in range(52, 7, -2)]:
        columns = cholesky(matrix, shift, work)
        if columns:
            break
    demand(columns, "gram is not positive semidefinite")
    least = least_eigenvalue(matrix, columns, shift) * Fraction(4) ** half
    total += max(Fraction(0), -2 * least)

    # level ||u||^4 is level on the sphere, where no monomial exceeds 1.
    level = sum(form[(a,) * 4] for a in range(d)) / d
    for a in range(d):
        for b in range(d):
            form[tuple(sorted((a, a, b, b)))] -= level
    return max(Fraction(0), total + level + sum(map(abs, form.values())))


class Ray:
    """A generator g in units of 2^-52; the products z_i . g over P, and g_+(g), their positive sum;
    the generation of midpoints."""

    def __init__(self, g, inner, level):
        self.g, self.inner, self.level = g, inner, level
        self.floats = [entry / 2.0**52 for entry in g]
        self.value = sum(entry for entry in inner if entry > 0)

    def middle(self, other):
        """Exact, since in generation k all of these are multiples of 2^(52 - k)."""
        g = [(a + b) >> 1 for a, b in zip(self.g, other.g)]
        inner = [(a + b) >> 1 for a, b in zip(self.inner, other.inner)]
        return Ray(g, inner, max(self.level, other.level) + 1)


class ConeTree:
    """Section 3.6. With z_i = |nu_i| x_i, theta_i in [0, 1] and w = sum_N theta_i z_i, any l with
    l . g_k >= F_k = g_+(g_k) - w . g_k for all k proves the bound ||l|| in the cone of the g_k. The
    z_i are in units of 2^-e, w is in units of 2^-(e + shift)."""

    def __init__(self, problem, nu, witness, work):
        self.d, self.tree, self.position = problem.d, witness["tree"], 0
        demand(len(self.tree) >= 1 << self.d, "the tree ends before its last orthant")
        weights, e = integers(nu)
        weights = [weight << 64 for weight in weights]  # units far below the bound, see self.bound
        e += problem.ex + 64
        cones, passes = self.count()
        passes += self.d << self.d
        products = (cones + passes) * (self.d**3 + 100) + passes * (2 * problem.n * self.d // 5 + 1)
        work.spend(products, problem.flat, weights)
        # To prove the next number down that is an integer in these units is more than enough.
        self.bound = floor_scaled(witness["bound"], e)
        self.positive = [[v * x for x in row] for v, row in zip(weights, problem.rows) if v > 0]
        below = [i for i, v in enumerate(weights) if v < 0]
        self.negative = [[-weights[i] * column[i] for i in below] for column in problem.columns]
        exponent = math.frexp(max(map(abs, problem.floats)))[1]
        floats = [math.ldexp(entry, -exponent) for entry in problem.floats]
        self.floats = [[floats[i * self.d + k] for i in below] for k in range(self.d)]

    def count(self):
        """The cones in the tree and the passes over the rows, which splits and steps take."""
        cones = passes = position = 0
        while position < len(self.tree):
            code = self.tree[position]
            cones += code != 2
            passes += code >= 2
            position += 2 + self.d if code == 2 else 1 + (self.d + 7) // 8 * (code == 1)
        return cones, passes

    def gradient(self, v):
        """w(v), the sum of z_i over the rows of N with x_i . v > 0. What rounding does to that sign
        does not matter, as each theta_i is 0 or 1; but to come to the same w as the writer of the
        tree, the operations are done in the same order."""
        inner = [0.0] * len(self.floats[0])
        for column, factor in zip(self.floats, v):
            inner = [a + x * factor for a, x in zip(inner, column)]
        chosen = [entry > 0 for entry in inner]
        return [sum(compress(column, chosen)) for column in self.negative]

    def next(self):
        demand(self.position < len(self.tree), "the tree ends before its last cone")
        self.position += 1
        return self.tree[self.position - 1]

    def check(self):
        axes = []
        for k in range(self.d):
            g = [(1 << 52) * (j == k) for j in range(self.d)]
            inner = [row[k] << 52 for row in self.positive]
            axes.append((Ray(g, inner, 0), Ray([-x for x in g], [-x for x in inner], 0)))
        for orthant in range(1 << self.d):
            rays = [axes[k][orthant >> k & 1] for k in range(self.d)]
            v = [float(sum(column)) for column in zip(*(ray.floats for ray in rays))]
            stack = [(rays, self.gradient(v), 0)]
            while stack:
                self.read(*stack.pop(), stack)
        demand(self.position == len(self.tree), "the tree goes on after its last cone")

    def read(self, rays, w, shift, stack):
        code = self.next()
        while code == 2:
            h = self.next()
            v = [0.0] * self.d
            for ray in rays:
                quanta = self.next()
                v = [a + quanta * b for a, b in zip(v, ray.floats)]
            target = self.gradient(v)
            if h == 0:
                w, shift = target, 0
            else:
                w = [(a << 8) + h * ((b << shift) - a) for a, b in zip(w, target)]
                shift += 8
            demand(shift <= 8 * MOST_STEPS, "the tree has more than {} steps on end", MOST_STEPS)
            code = self.next()
        if code < 2:
            tight = (1 << self.d) - 1
            if code == 1:
                tight = sum(self.next() << 8 * k for k in range((self.d + 7) // 8))
            proved = tight >> self.d == 0 and self.is_proved(rays, w, shift, tight)
            demand(proved, "the leaf that ends at byte {} of the tree proves nothing", self.position)
            return
        first, pair = 1, code - 3
        while pair >= first:
            first, pair = first + 1, pair - first
        demand(first < self.d, "byte {} of the tree names no pair", self.position - 1)
        middle = rays[first].middle(rays[pair])
        demand(middle.level <= 52, "the tree is too deep")
        if len(stack) * len(middle.inner) > MOST_OPEN:
            raise Inconclusive("the tree would need too much memory")
        for replaced in (pair, first):  # the last is read next
            stack.append(([middle if k == replaced else ray for k, ray in enumerate(rays)], w, shift))

    def is_proved(self, rays, w, shift, tight):
        """Seeks the shortest l with equality at the tight generators, and checks what it finds."""
        unit = self.bound << shift
        f = [(ray.value << shift) - dot(w, ray.g) for ray in rays]  # in units of 2^-(e + shift + 52)
        if unit == 0 or any(entry > unit << 52 for entry in f):
            return all(entry <= 0 for entry in f) and unit == 0  # l . g_k <= ||l||
        goals = [max(entry, -unit << 52) / (unit << 52) + 2.0**-42 for entry in f]
        while True:
            chosen = [k for k in range(self.d) if tight >> k & 1]
            l = shortest(self.d, [(rays[k].floats, goals[k]) for k in chosen])
            if not all(abs(entry) < 2.0 for entry in l):
                return False
            l = [int(entry * 2.0**64) for entry in l]  # in units of 2^-64 of the bound
            missed = [k for k in range(self.d) if dot(l, rays[k].g) * unit < f[k] << 64]
            if not missed:
                return dot(l, l) <= 1 << 128
            if tight >> missed[0] & 1:
                return False
            tight |= sum(1 << k for k in missed)


def shortest(d, constraints):
    """About the shortest l with l . g = goal for all of these, by Gram-Schmidt."""
    basis = []
    for g, goal in constraints:
        q = g
        for _ in range(2):
            for other, _ in basis:
                product = dot(q, other)
                q = [a - product * b for a, b in zip(q, other)]
        norm = math.sqrt(dot(q, q)) or math.nan
        q = [entry / norm for entry in q]
        basis.append((q, (goal - sum(dot(g, other) * value for other, value in basis)) / norm))
    return [sum(value * q[k] for q, value in basis) for k in range(d)]


def cone_tree(problem, nu, witness, work):
    ConeTree(problem, nu, witness, work).check()
    return witness["bound"]


# --- the two claims -----------------------------------------------------------------------------


def about(q):
    try:
        return repr(float(q))
    except OverflowError:
        return "beyond float64"


def enough(fewer, s, derive, nu, witness, work):
    """Whether a witness proves s T <= beta in fewer columns."""
    try:
        return s * fewer.bound(derive[witness["rung"]], nu, witness, work) <= fewer.problem.beta
    except Refuted:
        return False


def prove_lower(problem, certificate, work):
    """(L) of section 3: p* >= s (y . nu) - 1/2 s^2 ||nu||^2 if s T <= beta."""
    if certificate.lower <= 0:
        return  # (P) is a sum of squares
    s, (nu, e) = Fraction(certificate.scale), integers(certificate.nu)
    value = s * Fraction(dot(problem.y, nu), 1 << (problem.ey + e))
    value -= s * s * Fraction(dot(nu, nu), 1 << (2 * e + 1))
    demand(certificate.lower <= value, "s (y . nu) - 1/2 s^2 ||nu||^2 is about {}", about(value))
    derive = dict(zip(RUNGS, (cone_tree, quartic, pairs, quadratic, triangle)))
    of_rows = [witness for witness in certificate.witnesses if witness["rung"] in ("pairs", "quadratic")]
    try:
        fewer = FewerColumns(problem, work) if of_rows and problem.d > problem.n else None
    except OverflowError:  # numbers at the end of float64
        fewer = None
    for sign, witness in zip((1, -1), certificate.witnesses):
        where = "the witness for tau_+({}nu): ".format("" if sign > 0 else "-")
        try:
            signed = [sign * Fraction(entry) for entry in certificate.nu]
            if fewer and witness in of_rows:
                if enough(fewer, s, derive, signed, witness, work):
                    continue
                # The columns themselves may prove a little more.
                demand(problem.d <= MOST_ORDER, "T is too large in as many columns as there are rows")
            t = derive[witness["rung"]](problem, signed, witness, work)
        except Refuted as error:
            raise Refuted(where + str(error))
        over = "{}T is about {}, and s T exceeds beta by {}"
        demand(s * t <= problem.beta, over, where, about(t), about(s * t - problem.beta))


def prove_upper(problem, certificate, work):
    """p* is at most the value of (P) at the network."""
    n, d, m = problem.n, problem.d, certificate.m
    (u, eu), (a, ea) = integers(certificate.u), integers(certificate.a)
    work.spend(n * (d + 1) * (m + 1), u, a, problem.flat, problem.y)
    neurons = [u[j * d : (j + 1) * d] for j in range(m)]
    e, error = problem.ex + eu + ea, 0  # outputs are in units of 2^-e
    for row, target in zip(problem.rows, problem.y):
        output = sum(weight * max(0, dot(row, neuron)) for weight, neuron in zip(a, neurons))
        error += ((output << problem.ey) - (target << e)) ** 2
    value = Fraction(error, 1 << (2 * (e + problem.ey) + 1))
    value += problem.beta / 2 * (Fraction(dot(u, u), 1 << 2 * eu) + Fraction(dot(a, a), 1 << 2 * ea))
    demand(value <= certificate.upper, "(P) at the network is about {}", about(value))


def judge(report, raw, elsewhere, work):
    """Fills in the report, and ends without an exception if both claims are proved."""
    c = Certificate(parse(raw))
    report["data"] = "{} x {}, sha256 {}, {}".format(
        c.n, c.d, c.sha256, "in the file" if c.data else "from elsewhere" if elsewhere else "not given")
    report.update(lower=c.lower, upper=c.upper, rung=c.rung, neurons=c.m)
    ratio = c.upper / c.lower if c.lower > 0 else math.inf
    report["ratio"] = ratio if math.isfinite(ratio) else None
    for data in (c.data, elsewhere):
        if data:
            good = data[:2] == (c.n, c.d) and data_hash(*data) == c.sha256
            demand(good, "the data are not those of the hash")
    if not (c.data or elsewhere):
        raise Inconclusive("the file has no data; give --data and --target")
    problem, failures = Problem(*(c.data or elsewhere), c.beta), []
    for claim, prove in (("lower", prove_lower), ("upper", prove_upper)):
        try:
            prove(problem, c, work)
            report["proved"].append(claim)
        except (Refuted, Inconclusive) as error:
            failures.append(type(error)("{} is not proved: {}".format(claim, error)))
    for error in sorted(failures, key=lambda error: isinstance(error, Inconclusive)):
        raise error


def check(raw, elsewhere=None, max_work=MOST_WORK, name=""):
    """What can be said about a file, given its bytes and perhaps the data."""
    report = dict.fromkeys(KEYS)
    report.update(file=name, verdict="verified", proved=[])
    try:
        judge(report, raw, elsewhere, Work(max_work))
    except (Refuted, Inconclusive) as error:
        report.update(verdict=type(error).__name__.lower(), reason=str(error))
    except MemoryError:
        report.update(verdict="inconclusive", reason="it needs more memory than there is")
    return report


def show(report):
    lines = [("file", ascii(os.path.basename(report["file"]))[1:-1])]
    if "data" in report:
        says = {claim: "proved" if claim in report["proved"] else "not proved" for claim in report}
        lines += [
            ("data", report["data"]),
            ("lower", "{lower!r}  {rung}, {}".format(says["lower"], **report)),
            ("upper", "{upper!r}  {neurons} neurons, {}".format(says["upper"], **report)),
            ("ratio", report["ratio"] or "-"),
        ]
    lines += [(name, report[name]) for name in ("verdict", "reason") if report[name]]
    return "\n".join("{:<11}{}".format(*line) for line in lines)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks Gapstream certificate files.")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a certificate")
    parser.add_argument("--data", metavar="FILE", help="the data: a CSV file, or an NPY file of X")
    parser.add_argument("--target", metavar="COLUMN", help="the CSV column, or the NPY file, of y")
    parser.add_argument("--no-standardize", action="store_true", help="take the columns as they are")
    parser.add_argument("--no-bias", action="store_true", help="do not append a column of ones")
    parser.add_argument("--json", action="store_true", help="print JSON, one line a file")
    parser.add_argument("--max-work", metavar="W", type=float, default=MOST_WORK,
                        help="products that may be computed for a file, about 10^7 a second")
    options = parser.parse_args(arguments)
    if (options.data is None) != (options.target is None):
        parser.error("--data and --target belong together")
    codes = set()
    try:
        elsewhere = read_data(options) if options.data else None
        for name in options.files:
            open(name, "rb").close()  # all are there before one is judged
        for name in options.files:
            with open(name, "rb") as file:
                raw = file.read(MOST_BYTES + 1)
            try:
                report = check(raw, elsewhere, options.max_work, name)
            except Exception as error:  # a fault of this program, and not one of the file
                report = dict(dict.fromkeys(KEYS), file=name, verdict="inconclusive")
                report["reason"] = "the checker failed: {!r}".format(error)[:300]
            codes.add(EXIT[report["verdict"]])
            print(json.dumps({key: report[key] for key in KEYS}) if options.json else show(report))
    except OSError as error:
        parser.error("{}: {}".format(error.filename, error.strerror))
    except (ValueError, csv.Error) as error:
        parser.error(str(error))
    return min(codes - {0}, default=0)


if __name__ == "__main__":
    sys.exit(main())
