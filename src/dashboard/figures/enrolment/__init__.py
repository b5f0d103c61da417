"""Enrolment: flow, sites, projection, eligibility."""
