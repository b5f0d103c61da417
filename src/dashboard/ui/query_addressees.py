"""To whom a query can be given: its site, the laboratory, a role, or a person who may see it."""

from dashboard.access.roles import Permission, may
from dashboard.ui import installation
from dashboard.ui.context import PageContext
from dashboard.workflow.models import Role
from dashboard.workflow.query_addressee import LABORATORY, PERSON, SITE, Addressee
from dashboard.workflow.query_list import Query
from dashboard.workflow.users import User, list_users


def addressees(context: PageContext, query: Query) -> list[Addressee]:
    """Who could answer instead of whoever is to answer now; nobody who may not see the query."""
    sees_it = Permission.QUERIES if query.patient_id is None else Permission.PATIENT
    parties = [SITE, LABORATORY] if query.site_id is not None else [LABORATORY]
    offered = [Addressee(kind=party) for party in parties]
    offered += [Addressee(kind=role.value) for role in Role if may(role, sees_it)]
    offered += [
        Addressee(kind=PERSON, user_id=one.user_id, name=one.display_name)
        for one in list_users(installation.workflow())
        if may(one.role, sees_it) and _has_site(one, context.study.study_id, query.site_id)
    ]
    now = (query.asked_of.kind, query.asked_of.user_id)
    return [one for one in offered if (one.kind, one.user_id) != now]


def _has_site(user: User, study_id: str, site_id: str | None) -> bool:
    """Whether the study, and of it the site of the query, is granted."""
    if study_id not in user.study_ids:
        return False
    sites = user.sites_in(study_id)
    return sites is None or site_id in sites
