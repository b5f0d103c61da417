"""The one permission table: which role may do what."""

from enum import StrEnum

from dashboard.workflow.models import Role


class Permission(StrEnum):
    """A right that a page or an action asks for."""

    HOME = "home"
    AGGREGATE = "aggregate"
    AGGREGATE_ALL_SITES = "aggregate_all_sites"
    PATIENT = "patient"
    EXPORT = "export"
    QUERIES = "queries"
    CLOSE_QUERIES = "close_queries"
    DATA = "data"
    STUDY_RULES = "study_rules"
    ADMINISTRATION = "administration"


EVERY_ROLE = frozenset(Role)

# An administrator sees counts, to judge whether a load went well, but opens no patient and takes nothing out.
PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.HOME: EVERY_ROLE,
    Permission.AGGREGATE: EVERY_ROLE,
    Permission.AGGREGATE_ALL_SITES: frozenset({Role.INVESTIGATOR, Role.ADMINISTRATOR}),
    Permission.PATIENT: frozenset({Role.CLINICIAN, Role.INVESTIGATOR, Role.COORDINATOR}),
    Permission.EXPORT: frozenset({Role.CLINICIAN, Role.INVESTIGATOR, Role.COORDINATOR}),
    # See, raise, answer and comment; an administrator those about a whole check, which name no patient.
    Permission.QUERIES: EVERY_ROLE,
    # Close, reopen and dismiss.
    Permission.CLOSE_QUERIES: frozenset({Role.INVESTIGATOR, Role.COORDINATOR}),
    Permission.DATA: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.STUDY_RULES: EVERY_ROLE,
    Permission.ADMINISTRATION: frozenset({Role.ADMINISTRATOR}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role has the right; a right absent from the table is nobody's."""
    return role in PERMISSIONS.get(permission, frozenset())
