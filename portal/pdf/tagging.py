"""What WeasyPrint leaves out of a PDF that is to be PDF/A-3a and PDF/UA-1 at once."""

from typing import Any

# PDF/A allows only metadata properties that it knows or that are described; this describes part.
_UA = """
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Which part of ISO 14289 the file follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(document: Any, pdf: Any) -> None:
    """WeasyPrint's finisher: called with the drawn document and the PDF before it is written."""
    _declare_ua(pdf)
    # WeasyPrint lists the attachment twice.
    pdf.catalog["AF"] = type(pdf.catalog["AF"])(dict.fromkeys(pdf.catalog["AF"]))
    for page in document.pages:
        _give_headers_their_scope(page._page_box)


def _declare_ua(pdf: Any) -> None:
    """Put the PDF/UA marker into the one metadata stream. The option xmp_metadata would append a
    second rdf:RDF, which is not valid."""
    for thing in pdf.objects:
        extra = getattr(thing, "extra", None) or {}
        if extra.get("Type") == "/Metadata":
            (xml,) = thing.stream
            before, end, after = xml.rpartition(_END)
            thing.stream = [before + _UA.encode() + end + after]
            return
    raise AssertionError("WeasyPrint wrote no metadata stream")


def _give_headers_their_scope(box: Any) -> None:
    """A table header says which way it points: down its column, or along its row."""
    tag = getattr(box, "mark", None)
    if isinstance(tag, dict) and tag.get("S") == "/TH" and box.element is not None:
        scope = "/Row" if box.element.get("scope") == "row" else "/Column"
        tag["A"]["Scope"] = scope
    for child in getattr(box, "children", ()):
        _give_headers_their_scope(child)
