"""Errors with a name. Each message says which input, what was found, and what is allowed."""


class DashboardError(Exception):
    """Base of every error this package raises on purpose."""


class BuiltEarlier(DashboardError):
    """A data cut was built by an earlier version of the application, without what is asked of it."""


class PasswordTooLong(DashboardError):
    """A password is longer than bcrypt can use (72 bytes)."""


class AuditUnavailable(DashboardError):
    """An event could not be written to the audit trail, so what it records must not happen."""


class UserExists(DashboardError):
    """A user name is taken."""


class NoSuchUser(DashboardError):
    """A user name is not known."""


class NoSuchEntry(DashboardError):
    """A review, note, meeting, case, decision or saved cohort is not known, or was withdrawn."""


class EntryIncomplete(DashboardError):
    """What was entered lacks something or says too much; nothing was saved."""


class ChangedMeanwhile(DashboardError):
    """Somebody else saved the same entry first; nothing was overwritten and nothing was saved."""


class NotAllowedNow(DashboardError):
    """A query cannot take this step from the state it is in; nothing was saved."""


class SecondPersonNeeded(DashboardError):
    """Somebody who raised or answered a query about an error cannot close it; nothing was saved."""


class PatientNotConfirmed(DashboardError):
    """The characters typed again are not those the study id of the patient ends in; nothing was saved."""


class StudyDefinitionError(DashboardError):
    """A study definition cannot be used. The message lists each problem: file, table, key, found, allowed."""
