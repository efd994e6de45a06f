"""Forms of the applicant's and the officer's pages."""
