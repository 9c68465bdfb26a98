"""Tests of gapcheck.py, with the standard library alone: python3 -m unittest discover checker

The oracles share nothing with the checker: tau from below is the best of many directions, in floats;
the maxima of quadratic forms come from Gaussian elimination in floats, and polynomials are evaluated
at points. GAPCHECK_FUZZ=20000 in the environment makes the last test as long as one likes.
"""

import base64
import contextlib
import copy
import hashlib
import io
import json
import math
import os
import random
import struct
import tempfile
import unittest
from fractions import Fraction
from itertools import combinations

import gapcheck
from gapcheck import check


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def norm(a):
    return math.sqrt(dot(a, a))


def array(entries, *shape):
    raw = struct.pack("<{}d".format(len(entries)), *entries)
    shape = list(shape) or [len(entries)]
    return {"dtype": "<f8", "shape": shape, "data": base64.b64encode(raw).decode()}


def entries(value):
    raw = base64.b64decode(value["data"])
    return list(struct.unpack("<{}d".format(len(raw) // 8), raw))


class Sample:
    """A small random problem; the last column is a bias."""

    def __init__(self, seed, n=7, d=3, size=1.0, beta=2.0):
        r = random.Random(seed)
        self.n, self.d, self.beta, self.random = n, d, beta * size, r
        self.x = [[size * r.gauss(0, 1) for _ in range(d - 1)] + [size] for _ in range(n)]
        self.y = [r.gauss(0, 1) for _ in range(n)]
        self.nu = [v + 0.1 * r.gauss(0, 1) for v in self.y]

    def problem(self):
        return gapcheck.Problem(self.n, self.d, sum(self.x, []), self.y, self.beta)

    def work(self):
        return gapcheck.Work(10**10)

    def g(self, nu, u):
        return math.fsum(v * max(0.0, dot(row, u)) for v, row in zip(nu, self.x))

    def tau_from_below(self, nu, tries=3000):
        best, direction = 0.0, [0.0] * self.d
        for k in range(tries):
            spread = 1.0 if k < tries // 2 else 0.1
            base = [0.0] * self.d if k < tries // 2 else direction
            u = [b + spread * self.random.gauss(0, 1) for b in base]
            u = [entry / norm(u) for entry in u]
            if self.g(nu, u) > best:
                best, direction = self.g(nu, u), u
        return best

    def certificate(self, plus, minus, tau, u=(), a=()):
        """An honest certificate with these witnesses, whose T is at most tau."""
        x, y, nu, d = sum(self.x, []), self.y, self.nu, self.d
        text = b"gapdata/1\n" + struct.pack("<qq", self.n, d)
        text += struct.pack("<{}d".format(len(x) + self.n), *x, *y)
        s = min(self.beta / tau, dot(y, nu) / dot(nu, nu)) * (1 - 1e-12)
        f = [math.fsum(b * max(0.0, dot(row, v)) for v, b in zip(u, a)) for row in self.x]
        value = 0.5 * dot([p - q for p, q in zip(f, y)], [p - q for p, q in zip(f, y)])
        value += self.beta / 2 * (sum(dot(v, v) for v in u) + dot(a, a))
        fixed = {"loss": "half-squared-error", "penalty": "half-weight-decay", "width": "any"}
        return {
            "format": "gapcert/1",
            "problem": dict(n=self.n, d=d, beta=self.beta, **fixed),
            "data": {
                "sha256": hashlib.sha256(text).hexdigest(),
                "X": array(x, self.n, d),
                "y": array(y),
            },
            "lower": {
                "value": (s * dot(y, nu) - s * s / 2 * dot(nu, nu)) * (1 - 1e-12),
                "dual": array(nu),
                "scale": s,
                "witness": {"plus": plus, "minus": minus},
            },
            "upper": {
                "value": value * (1 + 1e-12),
                "network": {"U": array(sum(map(list, u), []), len(a), d), "a": array(list(a))},
            },
            "provenance": {"seed": 7, "note": "not believed"},
        }


def triangle_of(sample):
    rows = zip(*sample.x)
    linear = norm([dot(column, sample.nu) for column in rows])
    return (linear + sum(abs(v) * norm(row) for v, row in zip(sample.nu, sample.x))) / 2


def honest(seed=1, **options):
    sample = Sample(seed, **options)
    witness = {"rung": "triangle"}
    u, a = [[0.1 * sample.random.gauss(0, 1) for _ in range(sample.d)] for _ in range(2)], [0.3, -0.2]
    return sample.certificate(witness, dict(witness), triangle_of(sample) * (1 + 1e-12), u, a)


def judged(document, **options):
    return check(json.dumps(document).encode(), **options)


def eliminate(matrix, right):
    """The solution of a linear system, in floats."""
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for k in range(len(rows)):
        best = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        rows[k], rows[best] = rows[best], rows[k]
        for i in range(len(rows)):
            if i != k:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [p - factor * q for p, q in zip(rows[i], rows[k])]
    return [row[-1] / row[k] for k, row in enumerate(rows)]


def outer(factor, a, b):
    return [[factor * p * q for q in b] for p in a]


def add(*matrices):
    return [[math.fsum(entry) for entry in zip(*rows)] for rows in zip(*matrices)]


def form_maximum(c, a):
    return dot(c, eliminate(a, c)) / 4


def random_metric(sample):
    d = sample.d
    return [[sample.random.gauss(0, 1) for _ in range(d + 1)] for _ in range(d)]


def applied(metric, v):
    """W W' v."""
    inner = [dot(column, v) for column in zip(*metric)]
    return [dot(row, inner) for row in metric]


def kink_matrix(sample, a, theta, metric):
    """1/2 (B S + S B)."""
    result = [[0.0] * sample.d for _ in range(sample.d)]
    for row, anchor, t in zip(sample.x, a, theta):
        image = applied(metric, row)
        factor = anchor * t / norm(image) / 2
        result = add(result, outer(factor, row, image), outer(factor, image, row))
    return result


def split(nu, values):
    return [b for v, b in zip(nu, values) if v < 0]


class Rungs(unittest.TestCase):
    """What each rung derives is at least tau, and is the number that its formula gives."""

    def derive(self, rung, sample, nu, witness):
        witness = dict(witness)
        for name in ("lambda", "bound"):
            if name in witness:
                witness[name] = Fraction(witness[name])
        witness.setdefault("metric", None)
        exact = [Fraction(v) for v in nu]
        return float(getattr(gapcheck, rung)(sample.problem(), exact, witness, sample.work()))

    def test_triangle(self):
        for seed in range(10):
            sample = Sample(seed)
            t = self.derive("triangle", sample, sample.nu, {})
            self.assertAlmostEqual(t, triangle_of(sample), delta=1e-12 * t)
            self.assertGreaterEqual(t, sample.tau_from_below(sample.nu, 500))

    def quadratic_witness(self, sample, nu, metric):
        r = sample.random
        mu = [r.uniform(0.2, 2) for v in nu if v > 0]
        theta = [r.uniform(0, 1) for v in nu if v < 0]
        sigma = [r.uniform(-1, 1) for v in nu if v < 0]
        q = sum(v / m * dot(row, row) / 4 for v, m, row in
                zip([v for v in nu if v > 0], mu, [row for v, row in zip(nu, sample.x) if v > 0]))
        witness = {"mu": mu, "theta": theta, "sigma": sigma, "lambda": q + 3 * sum(map(abs, nu))}
        if metric:
            witness["metric"] = sum(metric, [])
        return witness

    def quadratic_formula(self, sample, nu, witness, metric):
        d = sample.d
        mu, theta, sigma = map(iter, (witness["mu"], witness["theta"], witness["sigma"]))
        total, c = witness["lambda"], [0.0] * d
        a = [[witness["lambda"] * (k == l) for l in range(d)] for k in range(d)]
        for v, row in zip(nu, sample.x):
            linear = v / 2
            if v > 0:
                m = next(mu)
                total += v * m / 4
                a = add(a, outer(-v / m / 4, row, row))
            else:
                t, s = next(theta), next(sigma)
                linear -= (1 - t) * s * abs(v) / 2
                image = applied(metric, row)
                factor = t * abs(v) / norm(image) / 4
                a = add(a, outer(factor, row, image), outer(factor, image, row))
            c = [p + linear * q for p, q in zip(c, row)]
        return total + form_maximum(c, a)

    def test_quadratic(self):
        for seed in range(20):
            sample = Sample(seed, d=2 + seed % 3)
            identity = [[float(k == l) for l in range(sample.d)] for k in range(sample.d)]
            metric = random_metric(sample) if seed % 2 else None
            for sign in (1, -1):
                nu = [sign * v for v in sample.nu]
                witness = self.quadratic_witness(sample, nu, metric)
                t = self.derive("quadratic", sample, nu, witness)
                formula = self.quadratic_formula(sample, nu, witness, metric or identity)
                self.assertAlmostEqual(t, formula, delta=1e-10 * t)
                self.assertGreaterEqual(t, sample.tau_from_below(nu, 500))

    def pairs_witness(self, sample, nu, metric):
        r, n = sample.random, sample.n
        table = {(i, j): r.gauss(0, 0.1) for i in range(n) for j in range(i) if r.random() < 0.4}
        witness = {
            "squares": [r.uniform(0.5, 1) for _ in nu],
            "anchors": [r.uniform(0, 1) for _ in nu],
            "theta": [r.uniform(0, 1) for _ in nu],
            "sigma": [r.uniform(-1, 1) for _ in nu],
            "pairs": {key: Fraction(w) for key, w in table.items()},
            "lambda": 3 * sum(dot(row, row) + norm(row) for row in sample.x),
        }
        if metric:
            witness["metric"] = sum(metric, [])
        return witness

    def test_pairs(self):
        for seed in range(20):
            sample = Sample(seed, n=6, d=2 + seed % 3)
            d, n, nu = sample.d, sample.n, sample.nu
            identity = [[float(k == l) for l in range(d)] for k in range(d)]
            metric = random_metric(sample) if seed % 2 else None
            w = self.pairs_witness(sample, nu, metric)
            a = [[w["lambda"] * (k == l) for l in range(d)] for k in range(d)]
            m = [[w["squares"][i] * (i == j) for j in range(n)] for i in range(n)]
            for row, b in zip(sample.x, w["squares"]):
                a = add(a, outer(-b, row, row))
            for (i, j), weight in w["pairs"].items():
                p, q, half = sample.x[i], sample.x[j], float(weight) / 2
                a = add(a, outer(half, p, q), outer(half, q, p))
                m[i][j] = m[j][i] = -abs(half)
            a = add(a, kink_matrix(sample, w["anchors"], w["theta"], metric or identity))
            linear = [v / 2 - p * (1 - t) * s for v, p, t, s in zip(nu, w["anchors"], w["theta"], w["sigma"])]
            c = [dot(column, linear) for column in zip(*sample.x)]
            h = [v / 2 + p for v, p in zip(nu, w["anchors"])]
            formula = w["lambda"] + form_maximum(c, a) + form_maximum(h, m)
            t = self.derive("pairs", sample, nu, w)
            self.assertAlmostEqual(t, formula, delta=1e-10 * t)
            self.assertGreaterEqual(t, sample.tau_from_below(nu, 500))

    def in_fewer_columns(self, rung, sample, nu, witness):
        witness = dict(dict(witness, metric=witness.get("metric")), **{"lambda": Fraction(witness["lambda"])})
        fewer = gapcheck.FewerColumns(sample.problem(), sample.work())
        exact = [Fraction(v) for v in nu]
        return float(fewer.bound(getattr(gapcheck, rung), exact, witness, sample.work()))

    def test_fewer_columns_prove_as_much(self):
        for seed in range(16):
            sample = Sample(seed, n=5, d=9)
            rows = sample.x
            if seed % 4 == 1:
                rows[3] = [p - 2 * q for p, q in zip(rows[0], rows[1])]
            if seed % 4 == 2:  # nearly dependent
                rows[3] = [p * (1 + 10.0**-seed * sample.random.gauss(0, 1)) for p in rows[0]]
            if seed % 4 == 3:
                rows[3] = [0.0] * 9
            metric = None
            if seed % 2 == 0:  # in the span of the rows, so that nothing is lost
                mix = [[sample.random.gauss(0, 1) for _ in range(3)] for _ in rows]
                metric = [[dot(column, m) for m in zip(*mix)] for column in zip(*rows)]
            for nu in (sample.nu, [-v for v in sample.nu]):
                for rung, witness in (
                    ("quadratic", self.quadratic_witness(sample, nu, metric)),
                    ("pairs", self.pairs_witness(sample, nu, metric)),
                ):
                    t = self.in_fewer_columns(rung, sample, nu, witness)
                    self.assertAlmostEqual(t, self.derive(rung, sample, nu, witness), delta=1e-12 * t)
                    self.assertGreaterEqual(t, sample.tau_from_below(nu, 500))

    def test_fewer_columns_count_what_they_leave_out(self):
        sample = Sample(3, n=3, d=9)
        unit = [0.0] * 8 + [2.0**-50]  # too little of a row to be a column
        sample.x = [[1.0] * 8 + [0.0], [0.5] * 8 + [0.0], unit]
        fewer = gapcheck.FewerColumns(sample.problem(), sample.work())
        self.assertEqual(fewer.rank, 1)
        self.assertGreaterEqual(fewer.losses[2], Fraction(2.0**-50))
        self.assertGreaterEqual(fewer.stretch, 1)
        self.assertLess(fewer.stretch, 1 + Fraction(2.0**-40))

    def test_metrics_of_any_size_serve_in_fewer_columns(self):
        for size in (1e-300, 1.0, 1e300):
            sample = Sample(5, n=4, d=6)
            metric = [[size * entry for entry in row] for row in random_metric(sample)]
            t = self.in_fewer_columns("quadratic", sample, sample.nu,
                                      self.quadratic_witness(sample, sample.nu, metric))
            self.assertGreaterEqual(t, sample.tau_from_below(sample.nu, 500))

    def test_rows_of_zeros_count_for_nothing(self):
        sample = Sample(5)
        sample.x[2] = [0.0] * sample.d
        for rung, witness in (
            ("quadratic", self.quadratic_witness(sample, sample.nu, None)),
            ("pairs", self.pairs_witness(sample, sample.nu, None)),
            ("triangle", {}),
        ):
            t = self.derive(rung, sample, sample.nu, witness)
            self.assertGreaterEqual(t, sample.tau_from_below(sample.nu, 500))

    def test_forms_that_are_not_definite_are_refused(self):
        sample = Sample(1)
        witness = self.quadratic_witness(sample, sample.nu, None)
        witness["theta"] = [0.0] * len(witness["theta"])
        for small in (0.0, 1e-3):
            with self.assertRaises(gapcheck.Refuted):
                self.derive("quadratic", sample, sample.nu, dict(witness, **{"lambda": small}))
        witness = self.pairs_witness(sample, sample.nu, None)
        witness["pairs"] = {(1, 0): Fraction(3)}
        with self.assertRaises(gapcheck.Refuted):
            self.derive("pairs", sample, sample.nu, witness)

    def quartic_witness(self, sample, nu):
        r, d = sample.random, sample.d
        q = d + d * (d + 1) // 2
        factor = [[r.gauss(0, 0.3) for _ in range(q)] for _ in range(q)]
        return {
            "touch": [r.uniform(0.1, 1) for v in nu if v > 0],
            "slope": [r.uniform(0, 2) for v in nu if v < 0],
            "offset": [r.uniform(-1, 1) for v in nu if v < 0],
            "gram": [dot(factor[i], factor[j]) for i in range(q) for j in range(i + 1)],
        }

    def quartic_form(self, sample, nu, witness, u):
        """p(u) + v'Gv."""
        touch, slope, offset = map(iter, (witness["touch"], witness["slope"], witness["offset"]))
        total = 0.0
        for v, row in zip(nu, sample.x):
            t = dot(row, u) / norm(row)
            if v > 0:
                w = next(touch)
                p = t / 2 + (w * (2 * w + 1) / 2 + (1 + 2 * w + 3 * w * w) / (2 * w) * t**2
                             - t**4 / (2 * w)) / (1 + w) ** 2 / 2
                self.assertGreaterEqual(p, max(t, 0) - 1e-12)
            else:
                z = next(slope) * t + next(offset)
                p = -t * (2 + 3 * z - z**3) / 4
                self.assertGreaterEqual(p, -max(t, 0) - 1e-12)
            total += abs(v) * norm(row) * p
        d = sample.d
        v = list(u) + [u[a] * u[b] for a in range(d) for b in range(a, d)]
        g = iter(witness["gram"])
        return total + sum((1 if i == j else 2) * next(g) * v[i] * v[j]
                           for i in range(len(v)) for j in range(i + 1))

    def test_quartic(self):
        for seed in range(6):
            sample = Sample(seed, d=1 + seed % 3)
            for nu in (sample.nu, [-v for v in sample.nu]):
                witness = self.quartic_witness(sample, nu)
                t = self.derive("quartic", sample, nu, witness)
                self.assertGreaterEqual(t, sample.tau_from_below(nu, 500))
                for _ in range(100):
                    u = [sample.random.gauss(0, 1) for _ in range(sample.d)]
                    u = [entry / norm(u) for entry in u]
                    self.assertGreaterEqual(t, self.quartic_form(sample, nu, witness, u) - 1e-9)

    def test_quartic_is_sharp_where_the_form_is_constant(self):
        # In one dimension the sphere has two points, and the odd part of the form is Sum |cubic|.
        sample = Sample(4, d=1)
        witness = self.quartic_witness(sample, sample.nu)
        t = self.derive("quartic", sample, sample.nu, witness)
        best = max(self.quartic_form(sample, sample.nu, witness, [u]) for u in (1.0, -1.0))
        self.assertAlmostEqual(t, best, delta=1e-9)

    def test_gram_that_is_not_semidefinite_is_refused(self):
        sample = Sample(2)
        witness = self.quartic_witness(sample, sample.nu)
        witness["gram"][0] = -1.0
        with self.assertRaises(gapcheck.Refuted):
            self.derive("quartic", sample, sample.nu, witness)


def grow(sample, nu, bound, rng, steps=True):
    """A tree of cones for this bound, by depth-first search in floats."""
    d, out = sample.d, bytearray()
    negative = [(-v, row) for v, row in zip(nu, sample.x) if v < 0]

    def gradient(v):
        chosen = [(p, row) for p, row in negative if dot(row, v) > 0]
        return [math.fsum(p * row[k] for p, row in chosen) for k in range(d)]

    def positive(g):
        return math.fsum(v * max(0.0, dot(row, g)) for v, row in zip(nu, sample.x) if v > 0)

    def least(rays, f):
        """The least norm of l with l . g_k >= f_k, and where it has equality."""
        best = (0.0, ()) if max(f) <= 0 else (math.inf, None)
        for count in range(1, d + 1):
            for tight in combinations(range(d), count):
                gram = [[dot(rays[i], rays[j]) for j in tight] for i in tight]
                c = eliminate(gram, [f[i] for i in tight])
                l = [math.fsum(p * rays[i][k] for p, i in zip(c, tight)) for k in range(d)]
                if all(dot(l, ray) >= value - 1e-9 for ray, value in zip(rays, f)):
                    best = min(best, (norm(l), tight))
        return best

    def cone(rays, w):
        ones = [1] * d
        tries = [(0, None), (0, ones)]
        if steps:
            tries[1:1] = [(h, [rng.randrange(256) for _ in range(d)]) for h in (0, 64, 255)] + [(128, ones)]
        for h, quanta in tries:
            moved = w
            if quanta:
                target = gradient([math.fsum(q * ray[k] for q, ray in zip(quanta, rays)) for k in range(d)])
                moved = [q if h == 0 else p + h / 256 * (q - p) for p, q in zip(w, target)]
            value, tight = least(rays, [positive(ray) - dot(moved, ray) for ray in rays])
            proved = value <= bound * (1 - 1e-9)
            if quanta and (proved or quanta is ones):
                out.extend([2, h, *quanta])
                w = moved
            if proved:
                bits = sum(1 << k for k in tight)
                out.extend([0] if bits == (1 << d) - 1 else [1, bits])
                return
        pairs = [(i, j) for i in range(d) for j in range(i)]
        i, j = min(pairs, key=lambda p: dot(rays[p[0]], rays[p[1]]) / norm(rays[p[0]]) / norm(rays[p[1]]))
        out.append(3 + pairs.index((i, j)))
        middle = [(p + q) / 2 for p, q in zip(rays[i], rays[j])]
        cone([middle if k == i else ray for k, ray in enumerate(rays)], w)
        cone([middle if k == j else ray for k, ray in enumerate(rays)], w)

    for orthant in range(1 << d):
        rays = [[(-1.0 if orthant >> k & 1 else 1.0) * (j == k) for j in range(d)] for k in range(d)]
        cone(rays, gradient([math.fsum(column) for column in zip(*rays)]))
    return bytes(out)


def cone_certificate(seed=1, factor=1.03, n=7, d=3, steps=True):
    sample = Sample(seed, n=n, d=d)
    witnesses, bounds = [], []
    for sign in (1, -1):
        nu = [sign * v for v in sample.nu]
        bound = factor * sample.tau_from_below(nu)
        tree = grow(sample, nu, bound, sample.random, steps)
        bounds.append(bound)
        text = base64.b64encode(tree).decode()
        witnesses.append({"rung": "cone-bnb", "bound": bound, "tree": text})
    return sample.certificate(*witnesses, max(bounds)), sample


class Trees(unittest.TestCase):
    def test_trees_are_verified(self):
        for seed, d in ((1, 1), (3, 2), (1, 3), (4, 3), (3, 4)):
            for steps in (True, False):
                document, _ = cone_certificate(seed, 1.05, d=d, steps=steps)
                report = judged(document)
                self.assertEqual(report["verdict"], "verified", report)
                self.assertEqual(report["rung"], "cone-bnb")

    def test_bounds_need_not_be_whole_where_the_numbers_are(self):
        problem = gapcheck.Problem(1, 2, [1.0, 1.0], [1.0], 1.0)
        for bound, proved in ((1.5, True), (1.4143, True), (1.414, False)):  # tau is sqrt(2)
            witness = {"bound": Fraction(bound), "tree": bytes(4)}
            try:
                gapcheck.cone_tree(problem, [Fraction(1)], witness, gapcheck.Work(10**6))
                self.assertTrue(proved, bound)
            except gapcheck.Refuted:
                self.assertFalse(proved, bound)

    def test_no_tree_proves_less_than_tau(self):
        for seed in (1, 4, 5):
            document, sample = cone_certificate(seed)
            witness = document["lower"]["witness"]["plus"]
            witness["bound"] = 0.999 * sample.tau_from_below(sample.nu)
            report = judged(document)
            self.assertEqual(report["verdict"], "refuted")
            self.assertIn("leaf", report["reason"])

    def tampered(self, change):
        document, _ = cone_certificate(4)
        witness = document["lower"]["witness"]["plus"]
        tree = change(base64.b64decode(witness["tree"]))
        witness["tree"] = base64.b64encode(tree).decode()
        return judged(document)

    def test_wrong_trees_are_refused(self):
        for change, reason in (
            (lambda tree: tree[:-1], "ends before"),
            (lambda tree: tree + b"\0", "goes on"),
            (lambda tree: b"", "ends before"),
            (lambda tree: b"\xff" + tree[1:], "names no pair"),
            (lambda tree: b"\1\xff" + tree, "leaf"),
            (lambda tree: b"\0" + tree, "leaf"),
            (lambda tree: b"\3" * 60 + tree, "too deep"),
            (lambda tree: b"\2\1\1\1\1" * 401 + tree, "steps on end"),
        ):
            report = self.tampered(change)
            self.assertEqual(report["verdict"], "refuted")
            self.assertIn(reason, report["reason"])

    def test_steps_that_change_nothing_are_allowed(self):
        self.assertEqual(self.tampered(lambda tree: b"\2\0\1\1\1" + tree)["verdict"], "verified")


class Claims(unittest.TestCase):
    def refused(self, document, reason, **options):
        report = judged(document, **options)
        self.assertEqual(report["verdict"], "refuted", report)
        self.assertIn(reason, report["reason"])

    def test_honest_certificates_of_any_scale_are_verified(self):
        for seed in range(5):
            for size in (1.0, 1e-150, 1e150):
                report = judged(honest(seed, size=size))
                self.assertEqual(report["verdict"], "verified", report)
                self.assertIsNone(report["reason"])
                self.assertLessEqual(report["lower"], report["upper"])
                self.assertEqual(report["rung"], "triangle")

    def test_exaggerated_claims_are_refused(self):
        for path, factor, reason in (
            (("lower", "value"), 1 + 1e-11, "lower is not proved: s (y . nu)"),
            (("lower", "scale"), 1 + 1e-11, "s T exceeds beta"),
            (("upper", "value"), 1 - 1e-11, "upper is not proved: (P) at the network"),
            (("problem", "beta"), 1 - 1e-11, "s T exceeds beta"),
        ):
            for size in (1.0, 1e-150, 1e150):
                document = honest(size=size, beta=1.0)
                document[path[0]][path[1]] *= factor
                self.refused(document, reason)

    def test_fewer_rows_than_columns(self):
        rungs = Rungs()
        for seed in range(6):
            sample = Sample(seed, n=4, d=7 + seed, beta=0.05)
            signs = []
            for sign in (1, -1):
                nu = [sign * v for v in sample.nu]
                witness = rungs.quadratic_witness(sample, nu, None)
                signs.append((witness, rungs.derive("quadratic", sample, nu, witness)))
            documents = []
            for witness, _ in signs:
                arrays = {name: array(witness[name]) for name in ("mu", "theta", "sigma")}
                documents.append(dict(arrays, rung="quadratic", **{"lambda": witness["lambda"]}))
            document = sample.certificate(*documents, max(t for _, t in signs))
            self.assertEqual(judged(document)["verdict"], "verified", judged(document))
            document["lower"]["scale"] *= 1 + 1e-9
            report = judged(document)
            self.assertEqual(report["verdict"], "refuted")
            self.assertIn("exceeds beta", report["reason"])

    def test_zero_needs_no_evidence(self):
        document = honest()
        document["lower"].update(value=0, scale=1e300)
        report = judged(document)
        self.assertEqual((report["verdict"], report["ratio"]), ("verified", None))

    def test_other_data_are_refused(self):
        document = honest()
        values = entries(document["data"]["y"])
        values[0] = math.nextafter(values[0], math.inf)
        document["data"]["y"] = array(values)
        self.refused(document, "not those of the hash")

    def test_data_from_elsewhere(self):
        document = honest()
        x, y = entries(document["data"].pop("X")), entries(document["data"].pop("y"))
        n, d = document["problem"]["n"], document["problem"]["d"]
        self.assertEqual(judged(document)["verdict"], "inconclusive")
        self.assertEqual(judged(document, elsewhere=(n, d, x, y))["verdict"], "verified")
        self.refused(document, "not those of the hash", elsewhere=(d, n, x, y))
        self.refused(document, "not those of the hash", elsewhere=(n, d, x, y[::-1]))

    def test_unknown_versions_and_rungs_are_inconclusive(self):
        document = honest()
        document["lower"]["witness"]["plus"] = {"rung": "oracle", "says": "trust me"}
        self.assertEqual(judged(document)["verdict"], "inconclusive")
        self.refused(dict(document, more=1), "has a 'more'")
        self.assertEqual(judged(dict(document, format="gapcert/2", more=1))["verdict"], "inconclusive")

    def test_too_much_work_is_inconclusive(self):
        self.assertEqual(judged(honest(), max_work=10)["verdict"], "inconclusive")
        document, _ = cone_certificate(3, 1.2, d=2)
        self.assertEqual(judged(document, max_work=1000)["verdict"], "inconclusive")

    def test_malformed_members_are_refused(self):
        def change(path, value):
            document = honest()
            place = document
            for name in path[:-1]:
                place = place[name]
            if value is None:
                del place[path[-1]]
            else:
                place[path[-1]] = value
            self.assertEqual(judged(document)["verdict"], "refuted", (path, value))

        for path in (("format",), ("problem",), ("data",), ("lower",), ("upper",), ("problem", "n"),
                     ("data", "X"), ("data", "sha256"), ("lower", "witness", "minus"),
                     ("lower", "witness", "plus", "rung"), ("upper", "network", "U"),
                     ("lower", "dual", "dtype")):
            change(path, None)
        for value in (True, "1", [], {}, 1.5, 0, -1, 1e300, 2**53, 8):
            change(("problem", "n"), value)
        for value in (True, "1", [], {}, 0, -1.0):
            change(("problem", "beta"), value)
        for value in (["<f8"], "<f4", ">f8", 8):
            change(("lower", "dual", "dtype"), value)
        for value in ([8], [7, 1], [[7]], 7, [7.5], [True], [-7], [1e300], []):
            change(("lower", "dual", "shape"), value)
        good = honest()["lower"]["dual"]["data"]
        for value in (good[:-4], good + "AAAA", good[:-1], good.replace("=", ""), " " + good,
                      good[:-2] + "F=", good[:5] + "\n" + good[6:], good[:5] + "-" + good[6:],
                      good[:5] + "\u00e9" + good[6:], good[:5] + "\ud800" + good[6:], 7, True):
            change(("lower", "dual", "data"), value)
        for value in (math.nan, math.inf):
            change(("lower", "dual"), array([value] * 7))
        for value in ("0" * 64, "F" * 64, "0" * 63, 7):
            change(("data", "sha256"), value)
        change(("lower", "scale"), -1.0)
        change(("lower", "witness", "plus", "more"), 1)
        change(("provenance",), [])
        for path in ("lower", "upper", "data", "problem"):
            change((path,), [])
            change((path, "more"), 1)

    def test_malformed_text_is_refused(self):
        good = json.dumps(honest())
        for text in (
            "", " ", "nul", "[]", "7", "\"gapcert/1\"", good[:-1], good + "{}", good + ",",
            "\ufeff" + good, good.replace("{", "[", 1), good.replace('"format"', '"format", "format"'),
            good.replace('"format"', '"format": "gapcert/1", "format"'),
            good.replace('"seed": 7', '"seed": NaN'), good.replace('"seed": 7', '"seed": -Infinity'),
            good.replace('"seed": 7', '"seed": 1e999'), good.replace('"seed": 7', '"seed": 07'),
            good.replace('"seed": 7', '"seed": ' + "7" * 401),
            good.replace('"seed": 7', '"seed": ' + "[" * 31 + "]" * 31),
            good.replace('"seed": 7', '"seed": [' + "1," * 10_000 + "1]"),
            good.replace('"seed": 7', '"seed": 7, "seed": 7'), good.replace('"', "'"),
            "[" * 10**6, '{"a":' * 10**6, '"' + "\\" * 10**6, "9" * 10**6, "-" * 10**6,
        ):
            self.assertEqual(check(text.encode())["verdict"], "refuted", text[:50])
        for raw in (b"\xff", good.encode("utf-16"), good.replace("not", "n\u00f6t").encode("latin-1"),
                    good.encode().replace(b"not", b"\xed\xa0\x80")):
            self.assertEqual(check(raw)["verdict"], "refuted")

    def test_unusual_but_correct_text_is_verified(self):
        good = json.dumps(honest(), indent=2)
        for text in (
            good + " \r\n\t", good.replace("/", "\\/"), good.replace('"seed": 7', '"seed": 7e0'),
            good.replace('"n": 7', '"n": 7.0'), good.replace("not", "n\u00f6t \U0001f600"),
            good.replace("not", "\\ud800"), good.replace("gapcert/1", "\\u0067apcert/1"),
            good.replace('"seed": 7', '"seed": ' + "[" * 30 + "]" * 30),
        ):
            self.assertEqual(check(text.encode())["verdict"], "verified", check(text.encode()))


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_it(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = gapcheck.main(list(arguments))
            except SystemExit as error:
                code = error.code
        return code, out.getvalue()

    def test_prints_what_it_found(self):
        document = honest()
        code, out = self.run_it(self.write("a.json", json.dumps(document)))
        self.assertEqual(code, 0)
        names = ["file", "data", "lower", "upper", "ratio", "verdict"]
        self.assertEqual([line.split()[0] for line in out.splitlines()], names)
        self.assertIn("verdict    verified", out)
        self.assertEqual(out.count(", proved"), 2)

        document["upper"]["value"] *= 0.9
        path = self.write("b.json", json.dumps(document))
        code, out = self.run_it(path)
        self.assertEqual(code, 1)
        self.assertEqual((out.count(", proved"), out.count(", not proved")), (1, 1))
        self.assertIn("reason     upper is not proved", out)
        code, out = self.run_it(path, "--json")
        self.assertEqual(code, 1)
        keys = ["file", "verdict", "lower", "upper", "ratio", "rung", "reason"]
        self.assertEqual(list(json.loads(out)), keys)
        self.assertEqual(json.loads(out)["file"], path)

    def test_exit_codes(self):
        path = self.write("a.json", json.dumps(honest()))
        for arguments, expected in (
            ((path,), 0),
            ((path, "--max-work", "3"), 6),
            ((self.write("b.json", "{}"),), 1),
            ((self.write("c.json", '{"format": "other"}'),), 6),
            ((os.path.join(self.folder, "none.json"),), 2),
            ((self.folder,), 2),
            ((), 2),
            ((path, "--unknown"), 2),
            ((path, "--data", path), 2),
            ((path, "--data", "none.csv", "--target", "y"), 2),
            ((path, "--data", path, "--target", "y"), 2),
        ):
            self.assertEqual(self.run_it(*arguments)[0], expected, arguments)

    def test_the_worst_of_many_files_counts(self):
        good = self.write("a.json", json.dumps(honest()))
        bad, other = self.write("b.json", "{}"), self.write("c.json", '{"format": "other"}')
        for files, expected in (((good, good), 0), ((good, other), 6), ((other, bad, good), 1)):
            code, out = self.run_it(*files, "--json")
            self.assertEqual(code, expected)
            self.assertEqual([json.loads(line)["file"] for line in out.splitlines()], list(files))
        self.assertEqual(self.run_it(good, os.path.join(self.folder, "none.json")), (2, ""))

    def test_takes_csv_and_npy_files(self):
        rows = [[1.5, 2, 3], [2.5, -1, 0.25], [3, 7, -2], [1, 1, 1e1]]
        text = "a, y ,b\r\n" + "\r\n".join(",".join(map(str, row)) for row in rows) + "\r\n\r\n"
        csv_path = self.write("data.csv", "\ufeff" + text)
        options = ["--data", csv_path, "--target", "y", "--no-standardize", "--no-bias"]
        x, y = [entry for row in rows for entry in (row[0], row[2])], [row[1] for row in rows]
        sample = Sample(1, n=4, d=2)
        sample.x, sample.y = [x[0:2], x[2:4], x[4:6], x[6:8]], list(map(float, y))
        sample.nu = sample.y
        witness = {"rung": "triangle"}
        document = sample.certificate(witness, witness, triangle_of(sample) * (1 + 1e-12))
        del document["data"]["X"], document["data"]["y"]
        path = self.write("a.json", json.dumps(document))
        self.assertEqual(self.run_it(path)[0], 6)
        self.assertEqual(self.run_it(path, *options)[0], 0)
        self.assertEqual(self.run_it(path, *options[:-1])[0], 1)

        def npy(entries, shape, fortran=False):
            header = "{{'descr': '<f8', 'fortran_order': {}, 'shape': {}, }}".format(fortran, shape)
            header = header.ljust(117) + "\n"
            start = b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode()
            return start + struct.pack("<{}d".format(len(entries)), *entries)

        target = self.write("y.npy", npy(y, (4,)))
        for name, content in (("c", npy(x, (4, 2))), ("f", npy(x[0::2] + x[1::2], (4, 2), True))):
            found = self.run_it(path, "--data", self.write(name, content), "--target", target)
            self.assertEqual(found[0], 0, found)
        bad = self.write("bad.npy", npy(x, (4, 2))[:-1])
        self.assertEqual(self.run_it(path, "--data", bad, "--target", target)[0], 2)

    def test_refuses_the_csv_files_that_gap_verify_refuses(self):
        good = "a,y\n1,2\n 3\t,\u20034\n"
        bad = ("\xa0a,y\n1,\xa02\n3,4\n", ",y\n1,2\n3,4\n", "a,a,y\n1,1,2\n3,3,4\n", "a,y\n1,2.2.2\n3,4\n",
               "a, a,y\n1,1,2\n3,3,4\n", "a\x85b,y\n1,2\n3,4\n", "a,y\n1,2\n3,2\n", "a,y\n1,.\n3,2\n",
               "a,y\n1,\u0662\n3,4\n", "a,y\n1,0." + "0" * 1000 + "\n3,4\n", "a" * 1001 + ",y\n1,2\n3,4\n")
        self.assertEqual(gapcheck.read_csv(self.write("d.csv", good), "y", False, False)[2:], ([1, 3], [2, 4]))
        for text in bad:
            with self.assertRaises(ValueError, msg=text[:40]):
                gapcheck.read_csv(self.write("d.csv", text), "y", False, False)

    def test_prepares_data_with_mean_zero_and_variance_one(self):
        column = gapcheck.standardize([1e300, 2e300, 4e300, -3e300])
        self.assertAlmostEqual(sum(column), 0, delta=1e-15)
        self.assertAlmostEqual(dot(column, column), 4, delta=1e-14)


class Mutations(unittest.TestCase):
    """Whatever is done to a file, the answer is a verdict, and never a claim that is not true."""

    WORDS = (None, True, False, 0, -1, 1e308, -0.0, 5e-324, "", "x", [], {}, [[]], "AAAA", 2**60, 1.5)

    def bases(self):
        yield honest(2)
        yield cone_certificate(3, 1.1, d=2)[0]
        rungs, sample = Rungs(), Sample(1, n=5, d=2)
        plus = rungs.quadratic_witness(sample, sample.nu, random_metric(sample))
        minus = rungs.quartic_witness(sample, [-v for v in sample.nu])
        last = rungs.pairs_witness(sample, [-v for v in sample.nu], None)
        table = [value for (i, j), w in last.pop("pairs").items() for value in (i, j, float(w))]
        documents = {}
        for rung, witness in (("quadratic", plus), ("quartic", minus), ("pairs", last)):
            parts = {name: array(v) if isinstance(v, list) else v for name, v in witness.items()}
            documents[rung] = dict(parts, rung=rung)
        documents["quadratic"]["metric"]["shape"] = [2, 3]
        documents["pairs"]["pairs"] = array(table, len(table) // 3, 3)
        for rung in ("quartic", "pairs"):
            document = sample.certificate(documents["quadratic"], documents[rung], 1e4)
            self.assertEqual(judged(document)["verdict"], "verified", judged(document))
            yield document

    def places(self, value, found):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found.append((value, key))
            if isinstance(inner, (dict, list)):
                self.places(inner, found)
        return found

    def mutate(self, document, r):
        kind = r.randrange(4)
        if kind == 0:
            raw = bytearray(json.dumps(document).encode())
            for _ in range(r.randrange(1, 4)):
                start = r.randrange(len(raw))
                end = start + r.choice((0, 1, 1, 2, 20))
                raw[start:end] = r.choice((
                    b"", bytes([r.randrange(256)]), raw[start:end] * 2, b'"', b"}", b",", b"e9", b"9", b"-"))
            return bytes(raw)
        document = copy.deepcopy(document)
        for _ in range(r.randrange(1, 3)):
            place, key = r.choice(self.places(document, []))
            value = place[key]
            if kind == 1:
                if r.random() < 0.3 and isinstance(place, dict):
                    del place[key]
                else:
                    place[key] = copy.deepcopy(r.choice(self.WORDS))
            elif isinstance(value, dict) and "dtype" in value and isinstance(value["data"], str):
                numbers = entries(value) or [0.0]
                k = r.randrange(len(numbers))
                numbers[k] = r.choice((-numbers[k], 0.0, numbers[k] * 1.001, numbers[k] / 3, 1e300, -1e300,
                                       1e-300, math.nan, math.inf, r.choice(numbers), r.gauss(0, 1)))
                place[key] = array(numbers, *value["shape"])
            elif key == "tree":
                tree = bytearray(base64.b64decode(value))
                k = r.randrange(len(tree) or 1)
                tree[k : k + r.randrange(2)] = bytes([r.choice((0, 1, 2, 3, 4, 7, 255))] * r.randrange(2))
                place[key] = base64.b64encode(bytes(tree)).decode()
            elif isinstance(value, float):
                place[key] = value * r.choice((0.5, 0.999, 1.001, 2, -1, 1e200, 1e-200))
        return json.dumps(document).encode()

    def test_mutated_files(self):
        count, r = int(os.environ.get("GAPCHECK_FUZZ", "400")), random.Random(int(os.environ.get("GAPCHECK_SEED", "1")))
        verdicts = {}
        bases = list(self.bases())
        for k in range(count):
            base = bases[k % len(bases)]
            raw = self.mutate(base, r)
            report = check(raw, max_work=10**8)
            verdicts[report["verdict"]] = verdicts.get(report["verdict"], 0) + 1
            self.assertEqual(report["verdict"] == "verified", report["reason"] is None)
            gapcheck.show(report)
            json.dumps(report)
            if report["verdict"] == "verified":
                # p* grows with beta, but in no higher proportion.
                factor = json.loads(raw)["problem"]["beta"] / base["problem"]["beta"]
                self.assertEqual(json.loads(raw)["data"], base["data"])
                self.assertLessEqual(report["lower"], base["upper"]["value"] * max(1, factor))
                self.assertGreaterEqual(report["upper"], base["lower"]["value"] * min(1, factor))
        if count > 1000:
            print("\nmutated files:", verdicts)
        self.assertGreater(verdicts["refuted"], count / 2)


if __name__ == "__main__":
    unittest.main()
