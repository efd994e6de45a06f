"""What opens the files of strangers, and the only place that does. Pure, and never imported by the
portal to be called: `boot` runs it in a process with limits, asked by `portal.files.apart`.

`inspection` says whether a file is what its name says and no trap (`pdf`, `office`, `old_office`);
`tables` gives the lines of a table; `letters` takes a signed PDF apart. Each has `examine(file,
arguments)`. Imports are kept inside functions: a child loads what its file needs and no more.
"""
