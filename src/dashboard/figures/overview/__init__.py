"""The study at a glance: accrual, flow, baseline, follow-up, open issues."""
