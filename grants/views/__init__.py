"""Pages of cases: the applicants' and the metropolitan side's. Each view asks one action or query."""
