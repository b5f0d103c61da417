"""Who may do what: the whole table, spelled out once more by hand."""

import pytest

from dashboard.access.roles import Permission, may
from dashboard.workflow.models import Role

#                                 clinician  investigator  coordinator  administrator
EXPECTED = {
    Permission.HOME:                (True,   True,         True,        True),
    Permission.AGGREGATE:           (True,   True,         True,        True),
    Permission.AGGREGATE_ALL_SITES: (False,  True,         False,       True),
    Permission.PATIENT:             (True,   True,         True,        False),
    Permission.EXPORT:              (True,   True,         True,        False),
    Permission.QUERIES:             (True,   True,         True,        True),
    Permission.CLOSE_QUERIES:       (False,  True,         True,        False),
    Permission.DATA:                (False,  False,        True,        True),
    Permission.STUDY_RULES:         (True,   True,         True,        True),
    Permission.ADMINISTRATION:      (False,  False,        False,       True),
}  # fmt: skip
ROLES = (Role.CLINICIAN, Role.INVESTIGATOR, Role.COORDINATOR, Role.ADMINISTRATOR)
CELLS = [
    (role, permission, expected)
    for permission, row in EXPECTED.items()
    for role, expected in zip(ROLES, row, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "expected"), CELLS)
def test_a_role_has_exactly_the_rights_of_the_table(role, permission, expected):
    assert may(role, permission) is expected


def test_no_permission_and_no_role_is_left_out_of_the_table():
    assert set(EXPECTED) == set(Permission)
    assert set(ROLES) == set(Role)
