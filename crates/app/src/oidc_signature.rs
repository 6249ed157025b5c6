//! Signatures of ID tokens.

use identity::oidc::{Key, Material};
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

/// Whether `signature` is this key's over `signed`, by the key's own algorithm.
pub(crate) fn signed_by(key: &Key, signed: &[u8], signature: &[u8]) -> bool {
    match &key.material {
        Material::Rsa { n, e } => {
            PublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
        }
        Material::Point(point) => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok()
        }
        Material::Edwards(point) => UnparsedPublicKey::new(&ED25519, point).verify(signed, signature).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use identity::oidc::Keys;
    use identity::oidc::{Expected, Fault, IdToken};

    use super::signed_by;

    /// RFC 7515, appendix A.3: ES256, with the key of the example.
    const ES256: (&str, &str) = (
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );
    /// Appendix A.2: RS256.
    const RS256: (&str, &str) = (
        r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    );
    /// RFC 8037, appendix A.4: Ed25519. Its payload is no ID token.
    const EDWARDS: (&str, &str, &str) = (
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );

    fn keys(jwk: &str) -> Keys {
        Keys::read(format!(r#"{{"keys":[{jwk}]}}"#).as_bytes()).unwrap()
    }

    fn judged(jwk: &str, token: &str) -> Fault {
        let expected =
            Expected { issuer: "joe", client_id: "me", nonce: "n", now: 1_300_819_000, access_token: None };
        IdToken::read(token).unwrap().judge(&keys(jwk), signed_by, &expected).unwrap_err()
    }

    #[test]
    fn the_examples_of_the_standards_are_verified_and_changed_ones_are_not() {
        for (jwk, token) in [ES256, RS256] {
            // What is wrong with a genuine example comes after its signature: it names no audience.
            assert_eq!(judged(jwk, token), Fault::Audience);
            let end = token.len() - 10;
            let changed = format!(
                "{}{}{}",
                &token[..end],
                if &token[end..=end] == "A" { "B" } else { "A" },
                &token[end + 1..]
            );
            assert_eq!(judged(jwk, &changed), Fault::Signature);
            let claims = token.replacen("eyJpc3Mi", "eyJpc3Qi", 1);
            assert!(matches!(judged(jwk, &claims), Fault::Signature), "an altered claim");
        }
        // A token of one key under another of the same kind.
        let other = ES256.0.replace(
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        );
        assert_eq!(judged(&other, ES256.1), Fault::Signature);
    }

    #[test]
    fn edwards_keys_sign_too() {
        let (x, signed, signature) = EDWARDS;
        let bytes = |text| identity::webauthn::from_base64url(text).unwrap();
        let key = identity::oidc::Key {
            kid: None,
            algorithm: identity::oidc::Algorithm::EdDsa,
            material: identity::oidc::Material::Edwards(bytes(x)),
        };
        assert!(signed_by(&key, signed.as_bytes(), &bytes(signature)));
        assert!(!signed_by(&key, b"another", &bytes(signature)));
    }
}
