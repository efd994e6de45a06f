"""The number that another portal or authority gave the same matter."""

from applications.commands.errors import Invalid
from applications.commands.gate import Act, Done, handles
from applications.models import HandoffReference

LONGEST = 200


@handles("keep_reference")
def keep_reference(act: Act) -> Done:
    """Keeps, changes or (empty) forgets a reference. Payload: `handoff` (id), `reference`.

    The number of a foreign case can point at a person: it stands beside the chain of events.
    """
    handoff = act.scheme.handoff(str(act.payload.get("handoff", "")))
    if handoff is None or not handoff.reference:
        raise Invalid({"handoff": ["not handed over"]})
    text = str(act.payload.get("reference", "")).strip()
    if len(text) > LONGEST or "\x00" in text:
        raise Invalid({"reference": ["at most 200 characters"]})
    kept = HandoffReference.objects.filter(application=act.application, handoff=handoff.id)
    before = kept.values_list("reference", flat=True).first() or ""
    if before == text:
        return Done(nothing=True)
    if text:
        HandoffReference.objects.update_or_create(
            application=act.application,
            handoff=handoff.id,
            defaults={"reference": text, "kept_by": act.by.user, "kept_at": act.now},
        )
    else:
        kept.delete()
    return Done({"handoff": handoff.id, "kept": bool(text)}, personal={"reference": text})
