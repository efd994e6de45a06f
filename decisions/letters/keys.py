"""Keys for pyHanko that are parsed once, and the demo's own clock of record."""

from datetime import datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import Hash
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign import general
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from portal import clock

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeptKeySigner(SimpleSigner):  # type: ignore[misc]
    """A signer that keeps the key it was given. SimpleSigner reads its key anew for every
    signature, and reading an RSA key means proving two primes: 414 ms instead of 86."""

    def __init__(
        self, key: PrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate]
    ) -> None:
        self.key = key
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        super().__init__(
            signing_cert=certificate,
            signing_key=None,  # type: ignore[arg-type]  # never asked for: sign_raw is ours
            cert_registry=store,
        )

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """The raw signature; for a dry run as many bytes as it can be long."""
        if dry_run:
            return bytes(self.key.key_size // 8 if isinstance(self.key, rsa.RSAPrivateKey) else 72)
        return self.sign_raw(data, digest_algorithm)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return raw_signature(self.key, data, digest_algorithm)


def raw_signature(key: PrivateKey, data: bytes, digest_algorithm: str) -> bytes:
    """ECDSA, or RSA with PKCS#1 v1.5 padding, over the digest of `data`."""
    digest = get_pyca_cryptography_hash(digest_algorithm)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), digest)
    return key.sign(data, ec.ECDSA(digest))


def open_pkcs12(data: bytes, password: str) -> KeptKeySigner:
    """The signer in a PKCS#12 file. Raises ValueError for a wrong password, a broken file, a key
    that is neither EC nor RSA."""
    key, certificate, chain = pkcs12.load_key_and_certificates(data, password.encode() or None)
    if certificate is None or not isinstance(key, PrivateKey):
        raise ValueError("no EC or RSA key with a certificate in the PKCS#12 file")
    return KeptKeySigner(key, asn1(certificate), [asn1(other) for other in chain])


def asn1(certificate: object) -> x509.Certificate:
    """The same certificate in the library that pyHanko speaks."""
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))  # type: ignore[attr-defined]


class DemoTimeStamper(DummyTimeStamper):  # type: ignore[misc]
    """Time stamps of the demo: states the portal's own time with the demo's key. No third party
    vouches for it; production names a time-stamp service instead."""

    def __init__(self, signer: KeptKeySigner) -> None:
        self._signer = signer
        super().__init__(
            tsa_cert=signer.signing_cert,
            tsa_key=None,
            certs_to_embed=signer.cert_registry,
        )

    def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        self.fixed_dt = clock.now()
        return super().request_tsa_response(req)

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        digest = get_pyca_cryptography_hash(md_algorithm)
        summary = Hash(digest)
        summary.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute(
                    "signing_certificate_v2",
                    general.as_signing_certificate_v2(self.tsa_cert),
                ),
                simple_cms_attribute("message_digest", summary.finalize()),
            ]
        )
        return self._signer.sign_raw(attributes.dump(), md_algorithm), attributes

    def _build_signed_data(
        self,
        tst_info_data: bytes,
        md_algorithm: str,
        signature: bytes,
        signed_attrs: cms.CMSAttributes,
    ) -> dict[str, object]:
        data: dict[str, object] = super()._build_signed_data(
            tst_info_data, md_algorithm, signature, signed_attrs
        )
        (info,) = data["signer_infos"]  # type: ignore[misc]
        info["signature_algorithm"] = algos.SignedDigestAlgorithm(  # type: ignore[has-type]
            {"algorithm": f"{md_algorithm}_ecdsa"}
        )
        return data
