"""Files from outside, for every app: what a file is (`inspection`, in a process of its own through
`apart`), and the lines of cells in a table (`reading`)."""
