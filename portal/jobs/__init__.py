"""What takes longer than a moment: work of the worker with a page that shows how far it is.

`kinds.job` registers what is done, `commands.begin` asks for it, `/jobs/<id>/` shows it to whoever
asked, and to nobody else.
"""
