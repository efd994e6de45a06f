"""Pages of applicants and of case officers."""
