"""SD-JWT with the reference implementation, sd-jwt from PyPI, and jwcrypto.

python sd_jwt_check.py read OURS.json   verifies what we signed
python sd_jwt_check.py sign NOW         signs what we must read; JSON on standard output

The library looks at neither time nor status, and takes proofs by P-256 only.
"""

import json
import sys

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

NOT_LOOKED_AT = {"revoked", "expired"}


def read_one(given, one):
    key = JWK.from_json(json.dumps(one["issuer"]))
    verifier = SDJWTVerifier(
        one["presentation"], lambda _issuer, _header: key, given["audience"], given["nonce"]
    )
    return verifier.get_verified_payload()


def read(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    count = 0
    for one in given["cases"]:
        if one["holder"]["kty"] != "EC" or one.get("wrong") in NOT_LOOKED_AT:
            print(f"     sd-jwt cannot judge {one['name']}")
            continue
        count += 1
        try:
            payload = read_one(given, one)
        except Exception as error:
            if not one.get("wrong"):
                raise
            print(f"     sd-jwt refuses {one['name']}: {error}")
            continue
        if one.get("wrong"):
            raise SystemExit(f"{one['name']} was accepted")
        payload.pop("cnf")
        if payload != one["claims"]:
            raise SystemExit(f"{one['name']}: read {payload}, and {one['claims']} was meant")
        print(f"     sd-jwt accepts {one['name']}")
    if count < 3:
        raise SystemExit("nothing to read")


def sign_one(given, name, curve, nonce, expected):
    parameters = {"kty": "EC", "crv": "P-256"} if curve == "P-256" else {"kty": "OKP", "crv": "Ed25519"}
    issuer, holder = JWK.generate(**parameters), JWK.generate(**parameters)
    alg = "ES256" if curve == "P-256" else "EdDSA"
    now = given["now"]
    plain = {"iss": "https://issuer.example", "vct": "https://issuer.example/card", "iat": now, "exp": now + 600}
    levels = ["一", SDObj("二"), SDObj({"kind": "听力"})]
    hidden = {SDObj("name"): "示例·陈晓明", SDObj("number"): "1", "address": {SDObj("street"): "路", "town": "镇"}}
    claims = {**plain, **hidden, "levels": levels}
    issued = SDJWTIssuer(
        claims, issuer, holder, alg, add_decoy_claims=True, extra_header_parameters={"typ": "dc+sd-jwt"}
    )
    holding = SDJWTHolder(issued.sd_jwt_issuance)
    shown = {"name": True, "address": {"street": True}, "levels": [False, False, True]}
    holding.create_presentation(shown, nonce, given["audience"], holder, alg)
    return {
        "name": name,
        "issuer": issuer.export_public(as_dict=True),
        "presentation": holding.sd_jwt_presentation,
        "claims": {
            **plain,
            "name": "示例·陈晓明",
            "address": {"street": "路", "town": "镇"},
            "levels": ["一", {"kind": "听力"}],
        },
        "expected": expected,
    }


def sign(now):
    given = {"now": now, "audience": "https://shop.example", "nonce": "n-1"}
    given["cases"] = [
        sign_one(given, "theirs, P-256", "P-256", "n-1", "no-status-named"),
        sign_one(given, "theirs, Ed25519", "Ed25519", "n-1", "no-status-named"),
        sign_one(given, "theirs, for another question", "P-256", "n-2", "wrong-nonce"),
    ]
    print(json.dumps(given))


if sys.argv[1] == "read":
    read(sys.argv[2])
else:
    sign(int(sys.argv[2]))
