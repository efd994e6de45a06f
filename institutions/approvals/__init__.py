"""Pages on which an agency's administrators approve institutions, and end approvals."""
