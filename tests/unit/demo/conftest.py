"""Each sample study is generated once; a target that needs more patients pools several seeds."""

import pytest

from dashboard.demo.studies import SEED, generate
from tests.unit.demo.measures import Study

SEEDS = (SEED, SEED + 1, SEED + 2)


@pytest.fixture(scope="session")
def k4care() -> Study:
    return Study(generate("k4care"))


@pytest.fixture(scope="session")
def k4care_pool(k4care: Study) -> list[Study]:
    return [k4care, *(Study(generate("k4care", seed=seed)) for seed in SEEDS[1:])]


@pytest.fixture(scope="session")
def cdk46() -> Study:
    return Study(generate("cdk46"))


@pytest.fixture(scope="session")
def cdk46_pool(cdk46: Study) -> list[Study]:
    return [cdk46, *(Study(generate("cdk46", seed=seed)) for seed in SEEDS[1:])]


@pytest.fixture(scope="session")
def oligomets() -> Study:
    return Study(generate("pulmonary-oligomets"))
