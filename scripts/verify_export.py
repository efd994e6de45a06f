#!/usr/bin/env python3
"""Checks an export of Tilgang's event log. Needs Python 3.9 or newer and nothing else.

    verify_export.py FILE [--key HEX …] [--known NUMBER:HASH]

It recomputes every hash, follows every stream from its first event, rebuilds the tree of every
checkpoint and checks its Ed25519 signature. Written apart from the portal, from
docs/audit-trail.md, so that it does not believe what the portal believes.

Exit code: 0 whole, 1 not whole (the first bad link is named), 2 the file is not an export.
Whether a signing key is the agency's own, no export can say: give the key that the agency
publishes with --key, or compare the fingerprint.
"""

import argparse
import hashlib
import json
import re
import sys
import unicodedata

FORMAT = "tilgang-events-1"
GENESIS = "0" * 64
LARGEST = 2**53 - 1
MOST = 100
BESIDE_EVENT = ("kind", "id", "hash", "personal")  # what an event's hash does not cover
BESIDE_POINT = ("kind", "hash", "signature")


# --- Canonical JSON ---------------------------------------------------------------------------


def strict(value):
    """Raises ValueError for what canonical JSON does not hold."""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST):
        raise ValueError("number")
    if isinstance(value, str) and unicodedata.normalize("NFC", value) != value:
        raise ValueError("text is not NFC")
    if isinstance(value, dict):
        for key, item in value.items():
            strict(key)
            strict(item)
    if isinstance(value, list):
        for item in value:
            strict(item)
    return value


def canonical(value):
    text = json.dumps(strict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_without(beside, line):
    return digest({key: item for key, item in line.items() if key not in beside})


# --- Ed25519, RFC 8032 section 5.1.7; nothing secret passes here, so it need not be constant-time --

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point(encoded):
    """The curve point of 32 bytes, as (x, y, z, t) with x = x/z, y = y/z, t = xy/z. None: no point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x % 2 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor, base):
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, base)
        base = add(base, base)
        factor >>= 1
    return result


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_fits(public_key, signature, message):
    try:
        key, mark = bytes.fromhex(public_key), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(key) != 32 or len(mark) != 64:
        return False
    a, r, s = point(key), point(mark[:32]), int.from_bytes(mark[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(mark[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    # Equal points: x1/z1 = x2/z2 and y1/z1 = y2/z2.
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- The tree of a checkpoint -----------------------------------------------------------------


def leaf(head):
    facts = {key: head[key] for key in ("hash", "sequence", "stream")}
    return hashlib.sha256(b"\x00" + canonical(facts)).digest()


def join(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows leaf by leaf; holds (number of leaves, root) of complete subtrees only."""

    def __init__(self):
        self.parts = []
        self.count = 0

    def add(self, digest_of_leaf):
        self.count += 1
        size = 1
        while self.parts and self.parts[-1][0] == size:
            digest_of_leaf = join(self.parts.pop()[1], digest_of_leaf)
            size *= 2
        self.parts.append((size, digest_of_leaf))

    def root(self):
        if not self.parts:
            return hashlib.sha256(b"").hexdigest()
        above = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            above = join(left, above)
        return above.hex()


# --- The walk ---------------------------------------------------------------------------------


class NotAnExport(Exception):
    pass


class Verifier:
    def __init__(self, keys, known):
        self.keys, self.known = keys, known
        self.faults, self.fault_count = [], 0
        self.header = None
        self.ended = False
        self.points, self.trees, self.last_point = {}, {}, None
        self.stream, self.sequence, self.hash = None, 0, GENESIS
        self.unnamed, self.erased = None, set()
        self.counts = {"events": 0, "streams": 0, "withheld": 0, "erased": 0, "younger": 0}

    def fault(self, text):
        self.fault_count += 1
        if len(self.faults) < MOST:
            self.faults.append(text)

    def at(self, line, text):
        self.fault(f"{line['stream']}, event {line['sequence']}: {text}")

    def take(self, line):
        kind = line["kind"]
        if self.header is None:
            if kind != "export" or line.get("format") != FORMAT:
                raise NotAnExport("the first line does not say " + FORMAT)
            self.header = line
        elif self.ended:
            self.fault("something follows after the end")
        elif kind == "checkpoint":
            self.take_point(line)
        elif kind == "event":
            self.take_event(line)
        elif kind == "head":
            self.take_head(line)
        elif kind == "end":
            self.ended = True
            if line["events"] != self.counts["events"]:
                self.fault("the export does not hold as many events as its end says")
        else:
            raise NotAnExport("a line of an unknown kind")

    def take_point(self, line):
        before, name = self.last_point, f"checkpoint {line['number']}"
        if self.stream is not None:
            self.fault(f"{name} does not stand before the events")
        if line["number"] != (before["number"] + 1 if before else 1):
            self.fault(f"{name}: the checkpoint before it is missing")
        elif line["previous_hash"] != (before["hash"] if before else GENESIS):
            self.fault(f"{name} does not follow the checkpoint before it")
        if before and (line["last_id"] < before["last_id"] or line["at"] < before["at"]):
            self.fault(f"{name} lies before the checkpoint before it")
        if self.known and self.known[0] == line["number"] and self.known[1] != line["hash"]:
            self.fault(f"{name} is not the one that was noted")
        message = ("tilgang-checkpoint-1\n" + line["hash"]).encode("utf-8")
        if digest_without(BESIDE_POINT, line) != line["hash"]:
            self.fault(f"{name} was changed: its hash does not fit")
        elif not signature_fits(line["public_key"], line["signature"], message):
            self.fault(f"{name}: the signature does not fit")
        elif self.keys and line["public_key"] not in self.keys:
            self.fault(f"{name} was signed with another key than those given")
        self.points[line["number"]] = line
        self.trees[line["number"]] = Tree()
        self.last_point = line

    def take_event(self, line):
        only = self.header.get("stream")
        if only is not None and line["stream"] != only:
            self.at(line, "belongs to another stream than the export")
        if line["stream"] != self.stream:
            self.close_stream()
            if self.stream is not None and line["stream"] < self.stream:
                self.at(line, "its stream does not stand where it belongs")
            self.stream, self.sequence, self.hash = line["stream"], 0, GENESIS
            self.counts["streams"] += 1
        self.counts["events"] += 1
        if line["sequence"] != self.sequence + 1:
            self.at(line, f"event {self.sequence + 1} before it is missing")
        elif line["previous_hash"] != self.hash:
            self.at(line, "does not follow the event before it")
        try:
            fits = digest_without(BESIDE_EVENT, line) == line["hash"]
        except ValueError:
            fits = False
        if not fits:
            self.at(line, "was changed: its hash does not fit")
        elif line["type"] == "personal.erased" and isinstance(line["data"], dict):
            self.erased -= {n for n in line["data"].get("events", ()) if isinstance(n, int)}
        self.take_personal(line)
        self.sequence, self.hash = line["sequence"], line["hash"]
        if self.last_point and line["id"] <= self.last_point["last_id"]:
            self.unnamed = self.unnamed or line
        else:
            self.counts["younger"] += 1

    def take_personal(self, line):
        beside = line["personal"]
        if line["personal_digest"] is None:
            if beside is not None:
                self.at(line, "has a personal payload that was not there at first")
        elif beside is None:
            self.at(line, "its personal payload is gone, and nobody erased it")
        elif "erased_at" in beside:
            self.counts["erased"] += 1
            self.erased.add(line["sequence"])
        elif "withheld" in beside:
            self.counts["withheld"] += 1
        else:
            try:
                fits = digest({"body": beside["body"], "salt": beside["salt"]})
            except ValueError:
                fits = ""
            if fits != line["personal_digest"]:
                self.at(line, "its personal payload was changed")

    def take_head(self, line):
        number = line["checkpoint"]
        seen = self.points.get(number)
        if seen is None:
            if self.last_point is None or number > self.last_point["number"]:  # else told already
                self.at(line, f"names checkpoint {number}, which is not here")
        elif "path" in line:
            if not self.path_leads(line, seen["root"]):
                self.at(line, f"the proof from checkpoint {number} does not fit")
        else:
            self.trees[number].add(leaf(line))
        if (line["stream"], line["sequence"]) != (self.stream, self.sequence):
            self.at(line, f"is gone; checkpoint {number} has seen it")
        elif line["hash"] != self.hash:
            self.at(line, f"is not what checkpoint {number} has seen")
        self.unnamed = None if line["stream"] == self.stream else self.unnamed

    @staticmethod
    def path_leads(line, root):
        above = leaf(line)
        for step in line["path"]:
            beside = bytes.fromhex(step[1:])
            above = join(beside, above) if step[0] == "L" else join(above, beside)
        return above.hex() == root

    def close_stream(self):
        if self.unnamed is not None:
            self.at(self.unnamed, "was put in later: no checkpoint has seen it")
        for sequence in sorted(self.erased):
            self.fault(
                f"{self.stream}, event {sequence}: its personal payload was erased,"
                " and no event says so"
            )
        self.unnamed, self.erased = None, set()

    def close(self):
        if self.header is None:
            raise NotAnExport("the file is empty")
        self.close_stream()
        if not self.ended:
            self.fault("the export breaks off: its last line is missing")
        if self.header.get("stream") is None:
            for number, tree in self.trees.items():
                seen = self.points[number]
                if (tree.count, tree.root()) != (seen["heads"], seen["root"]):
                    self.fault(f"checkpoint {number}: its list of streams was changed")
        if self.known and self.known[0] not in self.points:
            self.fault(f"checkpoint {self.known[0]}, which was noted, is gone")


def fingerprint(public_key):
    text = hashlib.sha256(public_key.encode("utf-8")).hexdigest()
    return " ".join(text[i : i + 4] for i in range(0, 16, 4))


def tell(verifier, say):
    for fault in verifier.faults:
        say(f"NOT WHOLE: {fault}.")
    if verifier.fault_count > len(verifier.faults):
        say(f"... and {verifier.fault_count - len(verifier.faults)} more.")
    counts, last = verifier.counts, verifier.last_point
    say(
        f"{'Looked at' if verifier.fault_count else 'The export is whole'}: "
        f"events {counts['events']}, streams {counts['streams']}, "
        f"checkpoints {len(verifier.points)}."
    )
    if counts["withheld"] or counts["erased"]:
        say(
            f"Personal payloads: {counts['withheld']} withheld from this export, "
            f"{counts['erased']} lawfully erased; their digests stand in the chain."
        )
    if last is None:
        say("No checkpoint: a tail that was cut off would not be noticed.")
        return
    say(f"Last checkpoint: {last['number']}:{last['hash']} of {last['at']}.")
    if counts["younger"]:
        say(f"Younger than that, vouched for by their links only: {counts['younger']}.")
    for key in sorted({seen["public_key"] for seen in verifier.points.values()}):
        say(f"Signed with the key {key}, fingerprint {fingerprint(key)}.")
    if not verifier.keys:
        say(
            "Whose key that is, the export cannot prove: compare it with the published one (--key)."
        )


def known_checkpoint(text):
    found = re.fullmatch(r"([0-9]+):([0-9a-f]{64})", text)
    if found is None:
        raise argparse.ArgumentTypeError("NUMBER:HASH, as printed")
    return int(found[1]), found[2]


def main(arguments):
    parser = argparse.ArgumentParser(description="Checks an export of Tilgang's event log.")
    parser.add_argument("file", help="the export, - for standard input")
    parser.add_argument("--key", action="append", default=[], help="public key to trust, hex")
    parser.add_argument("--known", type=known_checkpoint, help="a checkpoint noted earlier")
    options = parser.parse_args(arguments)
    verifier = Verifier({key.lower() for key in options.key}, options.known)

    def say(text):
        sys.stdout.write(text + "\n")

    try:
        source = 0 if options.file == "-" else options.file
        with open(source, encoding="utf-8") as lines:
            for line in lines:
                verifier.take(json.loads(line))
        verifier.close()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, NotAnExport) as error:
        say(f"This cannot be read as an export ({type(error).__name__}: {error}).")
        return 2
    tell(verifier, say)
    return 1 if verifier.fault_count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
