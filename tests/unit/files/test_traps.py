"""Scripts, programs, embedded files and fetching from elsewhere, wherever in a file they stand."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from portal.files import apart, wording
from portal.files.child import old_office
from portal.files.child.inspection import inspect
from portal.files.inspection import Refused
from portal.local import seeding

CASES = Path(__file__).resolve().parents[2] / "cases" / "pdf"
SCRIPT = {"/S": Name.JavaScript, "/JS": String("app.alert(1)")}


def verdict(content, ext):
    try:
        return inspect(io.BytesIO(content), ext) and "taken"
    except Refused as refused:
        return str(refused)


def pdf(change, **how):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(seeding.pdf("Title", "Text"))) as document:
        change(document)
        document.save(out, **how)
    return out.getvalue()


def annotated(**told):
    def change(document):
        box = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **told)
        document.pages[0].Annots = document.make_indirect(Array([document.make_indirect(box)]))

    return change


def in_the_form(**told):
    def change(document):
        field = Dictionary(FT=Name.Tx, T=String("a"), **told)
        parent = Dictionary(T=String("p"), Kids=[document.make_indirect(field)])
        fields = Array([document.make_indirect(parent)])
        document.Root.AcroForm = Dictionary(Fields=fields)

    return change


def behind_a_chain(document):
    last = document.make_indirect(Dictionary(SCRIPT))
    for _link in range(300):
        last = document.make_indirect(Dictionary(S=Name.GoTo, D=String("x"), Next=Array([last])))
    document.Root.OpenAction = last


def in_a_ring(document):
    one = document.make_indirect(Dictionary(S=Name.GoTo, D=String("x")))
    two = document.make_indirect(Dictionary(S=Name.GoTo, D=String("y"), Next=one))
    one.Next = two
    document.Root.OpenAction = one


def nested(deep, inner):
    thing = inner
    for _level in range(deep):
        thing = Array([thing])
    return thing


def setting(**told):
    def change(document):
        for key, value in told.items():
            document.Root[f"/{key}"] = value

    return change


def attached(document):
    document.attachments["list.exe"] = b"MZ"


def as_a_stream(document):
    code = document.make_stream(b"app.alert(1)")
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=code)


PDFS = {
    "open action": (setting(OpenAction=Dictionary(SCRIPT)), "macro"),
    "script in a stream": (as_a_stream, "macro"),
    "document": (setting(AA=Dictionary(WC=Dictionary(SCRIPT))), "macro"),
    "page": (lambda d: d.pages[0].obj.update({"/AA": Dictionary(O=Dictionary(SCRIPT))}), "macro"),
    "field": (in_the_form(AA=Dictionary(K=Dictionary(SCRIPT))), "macro"),
    "annotation": (annotated(Subtype=Name.Link, A=Dictionary(SCRIPT)), "macro"),
    "names": (setting(Names=Dictionary(JavaScript=Dictionary(Names=[String("a"), Dictionary(SCRIPT)]))), "macro"),
    "outlines": (setting(Outlines=Dictionary(First=Dictionary(Title=String("x"), A=Dictionary(SCRIPT)))), "macro"),
    "end of a chain": (behind_a_chain, "macro"),
    "deep inside": (setting(PieceInfo=Dictionary(X=nested(90, Dictionary(SCRIPT)))), "macro"),
    "form of XFA": (setting(AcroForm=Dictionary(XFA=String("<xdp/>"))), "macro"),
    "launch": (annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))), "macro"),
    "import of data": (annotated(Subtype=Name.Link, A=Dictionary(S=Name.ImportData, F=String("x"))), "macro"),
    "rendition": (annotated(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, JS=String("x"))), "embedded"),
    "embedded file": (attached, "embedded"),
    "attachment on a page": (annotated(Subtype=Name.FileAttachment), "embedded"),
    "rich media": (annotated(Subtype=Name.RichMedia), "embedded"),
    "portfolio": (setting(Collection=Dictionary(View=Name.D)), "embedded"),
    "way into an embedded file": (setting(OpenAction=Dictionary(S=Name.GoToE)), "embedded"),
    "flood of pixels": (lambda d: d.pages[0].obj.update({"/X": d.make_stream(b"x", Subtype=Name.Image, Width=90_000, Height=90_000)}), "bomb"),
}  # fmt: skip


@pytest.mark.parametrize("where", PDFS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
def test_a_pdf_is_refused_wherever_the_trap_stands(where, packed):
    change, code = PDFS[where]
    mode = pikepdf.ObjectStreamMode
    content = pdf(change, object_stream_mode=mode.generate if packed else mode.disable)
    assert verdict(content, "pdf") == code


def test_a_name_written_with_escapes_is_the_same_name():
    content = pdf(PDFS["open action"][0], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = content.replace(b"/JavaScript", b"/J#61vaScri#70t").replace(b"/JS", b"/#4aS")
    assert hidden != content
    assert verdict(hidden, "pdf") == "macro"


def test_a_ring_of_actions_is_no_trap_and_none_to_the_inspection():
    assert verdict(pdf(in_a_ring), "pdf") == "taken"


HARMLESS = {
    "a link": annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://a.example"))),
    "a field": in_the_form(V=String("about /JavaScript and /Launch")),
    "a font called JS": lambda d: d.pages[0].Resources.update({"/Font": Dictionary(JS=Dictionary(Type=Name.Font))}),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_a_pdf_with_harmless_things_is_taken(what):
    assert verdict(pdf(HARMLESS[what]), "pdf") == "taken"


@pytest.mark.parametrize(
    ("name", "told"), [("owner_locked.pdf", "taken"), ("script_in_a_field.pdf", "macro")]
)
def test_the_seen_cases(name, told):
    assert verdict((CASES / name).read_bytes(), "pdf") == told


# -- office files --------------------------------------------------------------------------------

CONTENT_TYPES = "<Types xmlns='t'/>"
W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body="", **parts):
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            **{name.replace("__", "/"): content for name, content in parts.items()},
        }
    )


def with_parts(parts, body=""):
    return docx(body, **parts)


def related(kind, target, mode="External"):
    where = f" TargetMode='{mode}'" if mode else ""
    return (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='r1' Type='{RELS}/{kind}' Target='{target}'{where}/></Relationships>"
    )


def xlsx(parts):
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<workbook/>", **parts})


def odt(content="", **parts):
    spaces = (
        "xmlns:o='urn:o' xmlns:script='urn:s' xmlns:xlink='http://www.w3.org/1999/xlink'"
        " xmlns:draw='urn:d' xmlns:text='urn:t'"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:document {spaces}>{content}</o:document>",
            **parts,
        }
    )


def field(*pieces, kind="instrText"):
    runs = "".join(f"<w:r><w:{kind}>{piece}</w:{kind}></w:r>" for piece in pieces)
    return (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        f"{runs}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )


SETTINGS = "word/_rels/settings.xml.rels"
DOCUMENT = "word/_rels/document.xml.rels"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
OFFICE = {
    "remote template": ("docx", with_parts({SETTINGS: related("attachedTemplate", "https://evil.example/t.dotm")}), "links"),
    "template on a share": ("docx", with_parts({SETTINGS: related("attachedTemplate", r"file:///\\evil\s\t.dotm")}), "links"),
    "template on a host": ("docx", with_parts({SETTINGS: related("attachedTemplate", "file://evil/s/t.dotm")}), "links"),
    "linked object": ("docx", with_parts({DOCUMENT: related("oleObject", "file:///C:/x.xlsx")}), "links"),
    "fetched picture": ("docx", with_parts({DOCUMENT: related("image", "http://evil.example/p.png")}), "links"),
    "fetched frame": ("docx", with_parts({DOCUMENT: related("frame", r"\\evil\s\f.htm")}), "links"),
    "DDE": ("docx", docx(field("DDEAUTO c:\\\\windows\\\\cmd.exe")), "links"),
    "DDE in pieces": ("docx", docx(field(" D", "DE", "AUTO c:\\\\cmd.exe")), "links"),
    "DDE in one element": ("docx", docx("<w:fldSimple w:instr=' dde  excel a'/>"), "links"),
    "DDE in a header": ("docx", with_parts({"word/header1.xml": f"<w:hdr {W}>{field('DDE x')}</w:hdr>"}), "links"),
    "fetched text": ("docx", docx(field(' INCLUDETEXT "https://evil.example/a"')), "links"),
    "package": ("docx", with_parts({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), "embedded"),
    "program": ("docx", with_parts({"word/media/picture.png": b"MZ\x90"}), "embedded"),
    "program by name": ("docx", with_parts({"word/media/run.vbs": b"x"}), "embedded"),
    "html inside": ("docx", with_parts({DOCUMENT: related("aFChunk", "afchunk.mht", "")}), "embedded"),
    "zip inside": ("docx", with_parts({"word/embeddings/a.zip": zipped({"a": "b"})}), "embedded"),
    "macro inside a chart's workbook": ("docx", with_parts({"word/embeddings/a.xlsx": xlsx({"xl/vbaProject.bin": "x"})}), "macro"),
    "renamed from docm": ("docx", docx(**{"[Content_Types].xml": "<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>"}), "macro"),
    "control": ("docx", with_parts({"word/activeX/activeX1.xml": "<a/>"}), "macro"),
    "entities in a side part": ("docx", with_parts({"word/footnotes.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "bomb"),
    "flood of pixels": ("docx", with_parts({"word/media/a.png": PNG + struct.pack(">II", 60_000, 60_000)}), "bomb"),
    "other workbook": ("xlsx", xlsx({"xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"}), "links"),
    "DDE in a workbook": ("xlsx", xlsx({"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink ddeService='cmd'/></externalLink>"}), "links"),
    "page fetched at opening": ("xlsx", xlsx({"xl/connections.xml": "<connections><connection refreshOnLoad='1'/></connections>"}), "links"),
    "macro sheet": ("xlsx", xlsx({"xl/macrosheets/sheet1.xml": "<a/>"}), "macro"),
    "script of OpenDocument": ("odt", odt("<script:event-listener/>"), "macro"),
    "script in the text": ("odt", odt("<o:script script:language='JavaScript'>x</o:script>"), "macro"),
    "template of OpenDocument": ("odt", odt("<o:template xlink:href='file://evil/t.ott'/>"), "links"),
    "template on a share in slashes": ("docx", with_parts({SETTINGS: related("attachedTemplate", "file:////evil/s/t.dotm")}), "links"),
    "share with escapes": ("docx", with_parts({SETTINGS: related("attachedTemplate", "file:///%5c%5Cevil/t.dotm")}), "links"),
    "Basic": ("odt", odt(**{"Basic/Standard/Module1.xml": "<a/>"}), "macro"),
    "fetched picture of OpenDocument": ("odt", odt("<draw:image xlink:href='https://evil.example/p'/>"), "links"),
    "fetched section": ("odt", odt("<text:section-source xlink:href='//evil/s/a.odt'/>"), "links"),
    "DDE of OpenDocument": ("odt", odt("<o:dde-source/>"), "links"),
}  # fmt: skip


@pytest.mark.parametrize("what", OFFICE)
def test_an_office_file_with_a_trap_is_refused(what):
    ext, content, code = OFFICE[what]
    assert verdict(content, ext) == code


HONEST = {
    "a link": ("docx", with_parts({DOCUMENT: related("hyperlink", "https://a.example")})),
    "a template on the writer's own disk": ("docx", with_parts({SETTINGS: related("attachedTemplate", r"file:///C:\Users\a\Letter.dotx")})),
    "a template on a Mac": ("docx", with_parts({SETTINGS: related("attachedTemplate", "file:///Users/a/Letter.dotx")})),
    "a template of LibreOffice": ("odt", odt("<o:template xlink:href='file:///usr/share/t.ott'/>")),
    "no library of Basic": ("odt", odt("<o:scripts><o:script script:language='ooo:Basic'/></o:scripts>")),
    "a picture in the text": ("odt", odt("<draw:image xlink:href='data:image/png;base64,AA=='/>")),
    "a table of contents": ("docx", docx(field(' TOC \\o "1-3" '), )),
    "a text about DDE": ("docx", docx("<w:p><w:r><w:t>DDEAUTO cmd</w:t></w:r></w:p>")),
    "a chart's workbook": ("docx", with_parts({"word/embeddings/a.xlsx": seeding.xlsx([["a"]])})),
    "a workbook": ("xlsx", seeding.xlsx([["a"]])),
    "a link of OpenDocument": ("odt", odt("<text:a xlink:href='https://a.example'/><draw:image xlink:href='Pictures/1.png'/>")),
}  # fmt: skip


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_office_file_is_taken(what):
    ext, content = HONEST[what]
    assert verdict(content, ext) == "taken"


# -- files of before 2007, whose streams are given as they lie in the container --------------------


class Container:
    """The streams of a document by name."""

    def __init__(self, **streams):
        self.streams = streams

    def exists(self, name):
        return name in self.streams

    def openstream(self, name):
        return io.BytesIO(self.streams[name])


def old(look, *given):
    try:
        look(*given)
    except Refused as refused:
        return str(refused)
    return "taken"


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


OLD_BOOKS = {
    "a sheet": (record(0x85, bytes(6) + b"\1\0A"), "taken"),
    "a sheet of macros": (record(0x85, bytes(5) + b"\1" + b"\1\0A"), "macro"),
    "this workbook itself": (record(0x1AE, b"\1\0\1\4"), "taken"),
    "another workbook": (record(0x1AE, b"\1\0\5\0\0a.xls"), "links"),
    "a password": (record(0x2F, bytes(6)), "encrypted"),
}


@pytest.mark.parametrize("what", OLD_BOOKS)
def test_an_old_workbook_is_looked_at_record_by_record(what):
    content, told = OLD_BOOKS[what]
    assert old(old_office._workbook, record(0x809, bytes(16)) + content) == told


def old_document(text=b"", template="", flags=0):
    named = b"\xff\xff" + struct.pack("<HH", 2, 0)
    for each in ("", template):
        named += struct.pack("<H", len(each)) + each.encode("utf-16-le")
    head = bytearray(0x300)
    struct.pack_into("<H", head, 0x0A, flags)
    struct.pack_into("<II", head, 0x192, 4, len(named))
    return Container(**{"0Table": b"\0" * 4 + named}), bytes(head) + text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": b"\x13 DDE is a word here".replace(b"\x13", b"")}, "taken"),
        ({"text": b"\x13 DDEAUTO c:\\cmd.exe \x15"}, "links"),
        ({"text": "\x13DDE cmd ".encode("utf-16-le")}, "links"),
        ({"template": r"C:\Templates\Letter.dot"}, "taken"),
        ({"template": r"\\evil\s\t.dot"}, "links"),
        ({"template": "https://evil.example/t.dot"}, "links"),
        ({"flags": 0x0100}, "encrypted"),
    ],
)
def test_an_old_document_is_looked_at_for_fields_and_its_template(given, told):
    assert old(old_office._document, *old_document(**given)) == told


# -- bombs, as a whole through the child: at most 5 seconds of work and 256 MB --------------------


def sheet_of(size):
    """A workbook whose one sheet unpacks to `size` bytes of cells, packed to a hundredth."""
    out = io.BytesIO(seeding.xlsx([["a"]]))
    row = b"<row>" + b"<c t='n'><v>1</v></c>" * 200 + b"</row>"
    with zipfile.ZipFile(out) as honest:
        parts = {name: honest.read(name) for name in honest.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
        + row * (size // len(row))
        + b"</sheetData></worksheet>"
    )
    parts["padding"] = random.Random(1).randbytes(1_000_000)
    return zipped(parts)


BOMBS = {
    "a sheet of 118 MB": lambda: (sheet_of(118_000_000), "xlsx"),
    "zeros": lambda: (xlsx({"big.bin": bytes(190_000_000)}), "xlsx"),
    "a sheet as wide and long as there are": lambda: (
        xlsx_of("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
        "xlsx",
    ),
    "entities in entities": lambda: (
        xlsx({"xl/styles.xml": "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9)) + "]><a>&j;</a>"}),
        "xlsx",
    ),
}  # fmt: skip


def xlsx_of(rows):
    out = io.BytesIO(seeding.xlsx([["a"]]))
    with zipfile.ZipFile(out) as honest:
        parts = {name: honest.read(name) for name in honest.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
        f"{rows}</sheetData></worksheet>"
    )
    return zipped(parts)


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_ends_its_child_and_is_refused(what, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 60)  # the machine may be busy; the work is what counts
    content, ext = BOMBS[what]()
    with pytest.raises(Refused) as refused:
        apart.table(io.BytesIO(content), ext, len)
    assert str(refused.value) in ("bomb", "unreadable")


@pytest.mark.parametrize("code", ["macro", "embedded", "links", "encrypted", "bomb", "busy"])
def test_each_refusal_says_what_to_do(code):
    told = wording.refusal(code)
    assert told != wording.refusal("unreadable")
    assert told.count(".") >= 1
