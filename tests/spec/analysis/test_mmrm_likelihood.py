"""Sums per missingness pattern say the same as all participants one by one

Each formula of docs/statistics.md beside its slow and plain form: derivatives beside differences, sums beside
loops over participants.
"""

import numpy as np
import pytest

from analysis.methods import mmrm
from analysis.methods.mmrm.inference import kenward_roger
from analysis.methods.mmrm.likelihood import evaluate, slopes
from analysis.methods.mmrm.robust import sandwich
from analysis.methods.mmrm.structures import NAMES, structure
from tests.spec.analysis.repeated import CHOSEN, repeated

STEP = 1e-5


def fitted(**options):
    return mmrm.fit(repeated(), **{**CHOSEN, "df": "satterthwaite", **options})._fitted


def moved(theta):
    """The parameters, each a step up and a step down."""
    return [(theta + step, theta - step) for step in STEP * np.eye(len(theta))]


def people(inside):
    """Each participant's X, y, visits."""
    rows, x, y = inside.layout.rows, inside.layout.matrix(), inside.layout.outcome()
    for number in range(rows.participants):
        own = rows.participant == number
        yield x[own], y[own], rows.visit[own], rows.arm_of[number]


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_of_a_structure_are_the_limits_of_differences(name):
    """Central differences at a random point, seed 1; their own error is about 1e-9."""
    made = structure(name, 4)
    theta = np.random.default_rng(1).normal(scale=0.3, size=made.parameters)
    curve = made.curve(theta)
    first = [(made.matrix(up) - made.matrix(down)) / (2 * STEP) for up, down in moved(theta)]
    second = [(made.curve(up).first - made.curve(down).first) / (2 * STEP) for up, down in moved(theta)]
    assert curve.sigma == pytest.approx(made.matrix(theta), abs=1e-14)
    assert curve.first == pytest.approx(np.array(first), abs=1e-8)
    assert curve.second == pytest.approx(np.array(second), abs=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_a_structure_starts_from_a_matrix_of_its_own(name):
    made = structure(name, 4)
    theta = np.linspace(-0.1, 0.3, made.parameters)
    assert made.matrix(made.start(made.matrix(theta))) == pytest.approx(made.matrix(theta))


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("by_arm", [True, False])
@pytest.mark.parametrize("name", ["unstructured", "heterogeneous-toeplitz", "ar1"])
def test_score_and_information_are_the_limits_of_differences(name, by_arm, reml):
    """Central differences of the likelihood and of the score, away from the maximum."""
    inside = fitted(covariance=name, by_arm=by_arm, reml=reml)
    sums, made, groups = inside.patterns.sums, structure(name, 4), 2 if by_arm else 1
    theta = inside.maximum.theta + 0.1

    def at(point):
        curves = tuple(made.curve(own) for own in point.reshape(groups, -1))
        found = evaluate(sums, np.stack([curve.sigma for curve in curves]), reml)
        return found.value, slopes(sums, found, curves, reml)

    both = [(at(up), at(down)) for up, down in moved(theta)]
    found = at(theta)[1]
    score = [(up[0] - down[0]) / (2 * STEP) for up, down in both]
    information = [(up[1].gradient - down[1].gradient) / (2 * STEP) for up, down in both]
    assert found.gradient == pytest.approx(np.array(score), rel=1e-5, abs=1e-5)
    assert found.hessian == pytest.approx(np.array(information), rel=1e-5, abs=1e-5)


def test_the_likelihood_is_that_of_the_participants_one_by_one():
    """-2 log-likelihood by its definition, a normal density for each participant (with REML det X'S⁻¹X)."""
    inside = fitted()
    sigma, cross, value = inside.maximum.sigma[0], 0, 0.0
    for x, y, visits, _ in people(inside):
        part = sigma[np.ix_(visits, visits)]
        left = y - x @ inside.maximum.point.coefficients
        value += np.linalg.slogdet(part)[1] + left @ np.linalg.solve(part, left)
        cross = cross + x.T @ np.linalg.solve(part, x)
    value += np.linalg.slogdet(cross)[1]
    assert inside.maximum.point.value == pytest.approx(value, rel=1e-12)
    assert inside.maximum.point.covariance == pytest.approx(np.linalg.inv(cross), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("linear", [True, False])
@pytest.mark.parametrize("by_arm", [True, False])
def test_kenward_roger_is_that_of_the_participants_one_by_one(by_arm, linear):
    """P, Q and R of Kenward and Roger (1997), stored for every pair of parameters."""
    inside = fitted(by_arm=by_arm)
    maximum = inside.maximum
    v, w, count = maximum.point.covariance, maximum.theta_covariance, len(maximum.theta)
    size = count // len(maximum.curves)
    p = np.zeros((count, *v.shape))
    inner = np.zeros_like(v)
    for x, _, visits, arm in people(inside):
        group = arm if by_arm else 0
        curve, at = maximum.curves[group], np.ix_(visits, visits)
        bread = np.linalg.solve(curve.sigma[at], x)
        for s in range(size):
            here = group * size + s
            p[here] -= bread.T @ curve.first[s][at] @ bread
            for t in range(size):
                q = curve.first[s][at] @ np.linalg.solve(curve.sigma[at], curve.first[t][at])
                r = 0 if linear else curve.second[s, t][at] / 4
                inner += w[here, group * size + t] * bread.T @ (q - r) @ bread
    inner -= np.einsum("st,sab,bc,tcd->ad", w, p, v, p)
    slow = v + 2 * v @ inner @ v
    assert kenward_roger(inside.patterns, maximum, linear) == pytest.approx(slow, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("kind", "power"), [("CR0", 0), ("CR2", -0.5), ("CR3", -1)])
def test_a_sandwich_and_its_degrees_of_freedom_are_those_of_one_large_matrix(kind, power):
    """G of Bell and McCaffrey (2002) in full, all rows by all participants; whitened by symmetric roots."""
    inside = fitted()
    point, sigma = inside.maximum.point, inside.maximum.sigma[0]
    white, left, owner = [], [], []
    for number, (x, y, visits, _) in enumerate(people(inside)):
        values, vectors = np.linalg.eigh(sigma[np.ix_(visits, visits)])
        root = (vectors / np.sqrt(values)) @ vectors.T
        white.append(root @ x)
        left.append(root @ (y - x @ point.coefficients))
        owner += [number] * len(visits)
    whole, owner = np.vstack(white), np.array(owner)
    room = np.eye(len(whole)) - whole @ point.covariance @ whole.T
    meat, parts = 0, []
    weights = inside.layout.weights("usual", "W3", False)
    for number, (x, y) in enumerate(zip(white, left, strict=True)):
        own = owner == number
        values, vectors = np.linalg.eigh(room[np.ix_(own, own)])
        factor = (vectors * values**power) @ vectors.T
        score = x.T @ factor @ y
        meat = meat + np.outer(score, score)
        parts.append(room[:, own] @ factor @ x @ point.covariance @ weights)
    g = np.array(parts) @ np.array(parts).T
    made = sandwich(kind, inside.layout, inside.patterns, point)
    assert made.covariance == pytest.approx(point.covariance @ meat @ point.covariance, rel=1e-8, abs=1e-12)
    assert made.df(weights) == pytest.approx(np.trace(g) ** 2 / np.sum(g**2), rel=1e-8)
