"""Checks our sealed PDF files with other people's code: pyHanko, poppler's pdfsig and pdftotext, OpenSSL, qpdf, and, where
Java and Debian's libpdfbox2-java are there, PDFBox Preflight. `cargo xtask interop-pdf` makes the files and calls

    python pdf_check.py FOLDER

FOLDER holds NAME.sealed.pdf, NAME.plain.pdf, NAME.root.der and NAME.words (the texts that must come out, one a line).
"""

import asyncio
import logging
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

JARS = pathlib.Path("/usr/share/java")
PREFLIGHT = "preflight pdfbox2 fontbox2 xmpbox commons-logging commons-io bcprov jaxb-api javax.activation".split()
ALTERED = 60  # places at which a byte is altered, over the whole file

# pyHanko tells a log why it refuses; here it is asked to refuse many times.
logging.disable(logging.CRITICAL)

passed, failed, skipped = [], [], []


def check(what, holds, why=""):
    (passed if holds else failed).append(what)
    if not holds:
        print(f"FAILED {what}: {why}")


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def by_pyhanko(path, root):
    """What pyHanko says of a file's one signature: its status, or None when there is nothing it could judge."""
    certificate = x509.Certificate.load(root.read_bytes())
    with path.open("rb") as file:
        reader = PdfFileReader(file)
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return None
        context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        status = validate_pdf_signature(signatures[0], context)
        names = {attribute["type"].native for attribute in signatures[0].signer_info["signed_attrs"]}
        return status, names, signatures[0].sig_object["/SubFilter"], reader.root["/Metadata"].data


def by_the_european_rules(path, root):
    """The basic validation of ETSI EN 319 102-1. Our examples' root publishes no list of revoked certificates."""
    certificate = x509.Certificate.load(root.read_bytes())
    unchecked = RevocationCheckingRule.NO_CHECK
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[certificate]),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(unchecked, unchecked)),
    )
    with path.open("rb") as file:
        signature = PdfFileReader(file).embedded_signatures[0]
        digest = signature.compute_digest()
        spec = SignatureValidationSpec(cert_validation_policy=policy)
        return asyncio.run(ades_basic_validation(signature.signed_data, spec, raw_digest=digest))


def by_openssl(path, root, folder):
    """OpenSSL's own reading of the envelope, with its check that the signing certificate is named in it."""
    whole = path.read_bytes()
    opened, closed = re.search(rb"/Contents <([0-9A-F]+)>", whole).span(1)
    envelope = bytes.fromhex(whole[opened:closed].decode("ascii"))
    length = 4 + int.from_bytes(envelope[2:4], "big")  # a sequence of more than 255 bytes; zeros stand behind it
    (folder / "envelope.der").write_bytes(envelope[:length])
    (folder / "signed.bin").write_bytes(whole[: opened - 1] + whole[closed + 1 :])
    run("openssl", "x509", "-inform", "der", "-in", root, "-out", folder / "root.pem")
    words = "openssl cms -verify -cades -binary -purpose any -inform der -out".split()
    files = ["-in", folder / "envelope.der", "-content", folder / "signed.bin", "-CAfile", folder / "root.pem"]
    return run(*words, folder / "out.bin", *files)


def pyhanko_accepts(path, root):
    try:
        found = by_pyhanko(path, root)
        whole = found is not None and found[0].coverage == SignatureCoverageLevel.ENTIRE_FILE
        return whole and found[0].bottom_line
    except Exception:  # a reader that cannot read a damaged file has found the damage, in whatever way
        return False


def trusting(root, folder):
    """A store of certificates for pdfsig which trusts this root."""
    store = folder / f"nss-{root.name}"
    store.mkdir()
    run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    code, said = run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "C,C,C", "-i", root)
    check(f"certutil reads {root.name}", code == 0, said)
    return store


def pdfsig_accepts(path, store):
    code, said = run("pdfsig", "-nssdir", store, path)
    whole = "Total document signed" in said and said.count("Signature #") == 1
    valid = "Signature Validation: Signature is Valid." in said
    return code == 0 and whole and valid and "Certificate Validation: Certificate is Trusted." in said


def reads_well(path, words):
    code, said = run("qpdf", "--check", path)
    check(f"qpdf finds nothing wrong in {path.name}", code == 0, said)
    _, text = run("pdftotext", "-raw", path, "-")
    text = squeezed(text)
    for word in words:
        check(f"{path.name}: «{word}» can be copied", squeezed(word) in text, text)
    _, fonts = run("pdffonts", path)
    rows = fonts.splitlines()[2:]
    embedded = bool(rows) and all(re.search(r"\byes yes yes\b", row) for row in rows)
    check(f"{path.name}: fonts embedded, cut, with Unicode", embedded, fonts)


def sealed_well(path, root, store, folder):
    found = by_pyhanko(path, root)
    check(f"pyHanko finds the seal of {path.name}", found is not None)
    if found is None:
        return
    status, attributes, subfilter, metadata = found
    check(f"pyHanko: {path.name} is valid and trusted", status.bottom_line, status.summary())
    check(f"pyHanko: {path.name} is covered whole", status.coverage == SignatureCoverageLevel.ENTIRE_FILE)
    check(f"pyHanko: {path.name} is unchanged", status.modification_level == ModificationLevel.NONE)
    check(f"{path.name}: certifies", status.docmdp_ok is True)
    # ETSI EN 319 142-1, 6.3: what a baseline B-B signature has and must not have
    check(f"{path.name}: CAdES", subfilter == "/ETSI.CAdES.detached", subfilter)
    wanted = {"content_type", "message_digest", "signing_certificate_v2"}
    check(f"{path.name}: signed attributes", attributes == wanted, attributes)
    check(f"{path.name}: says PDF/A-2b", b"<pdfaid:part>2<" in metadata and b"<pdfaid:conformance>B<" in metadata)
    judged = by_the_european_rules(path, root)
    check(f"pyHanko, EN 319 102-1: {path.name} passes", judged.ades_subindic == AdESPassed.OK, judged.failure_msg)
    code, said = by_openssl(path, root, folder)
    check(f"OpenSSL: the signature of {path.name} holds", code == 0, said)
    check(f"pdfsig: {path.name} is valid, whole and trusted", pdfsig_accepts(path, store))


def alterations(whole):
    """Copies with one bit of what is signed turned, with another signature, with something appended, with a changed page."""
    opened, closed = re.search(rb"/Contents <([0-9A-F]+)>", whole).span(1)
    for step in range(ALTERED):
        at = len(whole) * step // ALTERED
        if not opened <= at < closed:
            yield f"bit at {at}", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    # The envelope ends with the signature's second number, and zeros fill the room behind it.
    at = opened + len(whole[opened:closed].rstrip(b"0")) - 20
    other = b"1" if whole[at : at + 1] != b"1" else b"2"
    yield "another signature", whole[:at] + other + whole[at + 1 :]
    yield "something appended", whole + b"\n% appended\n"
    yield "a page's box made smaller", whole.replace(b"/MediaBox [0 0 595.276", b"/MediaBox [0 0 595.275", 1)


def alterations_are_found(path, root, store, folder):
    whole = path.read_bytes()
    missed = {"pyHanko": [], "pdfsig": []}
    copy = folder / "altered.pdf"
    count = 0
    for name, altered in alterations(whole):
        count += 1
        copy.write_bytes(altered)
        if pyhanko_accepts(copy, root):
            missed["pyHanko"].append(name)
        if pdfsig_accepts(copy, store):
            missed["pdfsig"].append(name)
    for program, names in missed.items():
        check(f"{program} refuses {count} alterations of {path.name}", not names, names)


def preflight(path, folder):
    """PDFBox knows the rules of PDF/A-1b, which our files keep as well. Only the part's number must be another one."""
    jars = [JARS / f"{name}.jar" for name in PREFLIGHT]
    if shutil.which("java") is None or not all(jar.is_file() for jar in jars):
        skipped.append(f"PDFBox Preflight of {path.name}: Java or Debian's libpdfbox2-java is not here")
        return
    copy = folder / "part-1.pdf"
    copy.write_bytes(path.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
    classes = ":".join(map(str, jars))
    _, said = run("java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", copy)
    check(f"PDFBox Preflight: {path.name} keeps PDF/A-1b", "is a valid PDF/A-1b file" in said, said)


def main(samples):
    roots = sorted(samples.glob("*.root.der"))
    check("there are samples", len(roots) >= 4, roots)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        stores = [trusting(root, folder) for root in roots]
        for at, (root, store) in enumerate(zip(roots, stores)):
            name = root.name.removesuffix(".root.der")
            sealed, plain = (samples / f"{name}.{kind}.pdf" for kind in ("sealed", "plain"))
            words = (samples / f"{name}.words").read_text(encoding="utf-8").splitlines()
            for path in (sealed, plain):
                reads_well(path, words)
                preflight(path, folder)
            sealed_well(sealed, root, store, folder)
            check(f"{plain.name} has no seal", by_pyhanko(plain, root) is None)
            stranger, strange_store = roots[at - 1], stores[at - 1]
            check(f"pyHanko: {name} under another root is refused", not pyhanko_accepts(sealed, stranger))
            check(f"pdfsig: {name} under another root is refused", not pdfsig_accepts(sealed, strange_store))
            alterations_are_found(sealed, root, store, folder)
    for line in skipped:
        print(f"skipped {line}")
    print(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
