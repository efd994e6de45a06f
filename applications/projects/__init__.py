"""A project: what several applications have in common, and the applications made from it."""
