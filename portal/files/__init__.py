"""Files from outside, for every app: opened by `child`, a process of its own that `apart` asks; which
are taken (`inspection`); a list that is taken in after a preview (`given`, `reading`)."""
