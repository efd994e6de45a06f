"""Letters: from a frozen decision to a signed PDF, and from a PDF back to "is this ours?".

No module in this package imports a model or asks the database. The steps, each with its own module:

    content.LetterContent  ->  rendering.render  ->  signing.sign  ->  acceptance.countersign
    examination.examine  (bytes of an uploaded file -> Verdict)

`authority` makes the demo's keys, `sample` letters from invented data. This file imports nothing,
because WeasyPrint and pyHanko are slow to load and few requests need them.
"""

# Signature fields, invisible; a reader's list of signatures shows the names.
DECISION_FIELD = "Decision"
ACCEPTANCE_FIELD = "Acceptance"
# The acceptance as JSON inside its signature. Private names in a PDF start with XX (ISO 32000-1,
# annex E).
FACTS_KEY = "/XXTilgangAcceptance"
