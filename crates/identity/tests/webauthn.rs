//! Answers of browsers and authenticators as hostile bytes: each cut, each changed bit.

#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

use identity::webauthn::{
    Algorithm, Ceremony, PasskeyFault, Relying, asserted, challenge_of, registered, to_base64url,
};

fn relying() -> Relying {
    Relying { origin: "https://site.example".to_owned(), domain: "site.example".to_owned() }
}

/// Authenticator data of a new Ed25519 passkey with id `id`.
fn made() -> Vec<u8> {
    let mut data = relying().domain_hash().to_vec();
    data.push(0x45);
    data.extend([0, 0, 0, 9]);
    data.extend([7; 16]);
    data.extend([0, 2]);
    data.extend(b"id");
    data.extend([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]);
    data.extend([5; 32]);
    data
}

fn attestation(format: &str, statement: &[u8], data: &[u8]) -> Vec<u8> {
    let mut object = vec![0xa3, 0x63];
    object.extend(b"fmt");
    object.push(0x60 | u8::try_from(format.len()).unwrap());
    object.extend(format.as_bytes());
    object.push(0x67);
    object.extend(b"attStmt");
    object.extend(statement);
    object.push(0x68);
    object.extend(b"authData");
    object.extend([0x58, u8::try_from(data.len()).unwrap()]);
    object.extend(data);
    object
}

#[test]
fn a_good_registration_is_read() {
    let passkey = registered(&attestation("none", &[0xa0], &made()), &relying()).unwrap();
    assert_eq!(
        (passkey.id.as_slice(), passkey.algorithm, passkey.counter),
        (&b"id"[..], Algorithm::EdDsa, 9)
    );
    assert_eq!(passkey.public_key, [5; 32]);
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    let whole = attestation("none", &[0xa0], &made());
    for end in 0..whole.len() {
        assert!(registered(&whole[..end], &relying()).is_err(), "cut at {end}");
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert_eq!(registered(&longer, &relying()), Err(PasskeyFault::Unreadable));
    let data = [made().as_slice(), &[0]].concat();
    assert_eq!(registered(&attestation("none", &[0xa0], &data), &relying()), Err(PasskeyFault::Unreadable));
    let data = &made()[..37];
    for end in 0..data.len() {
        assert!(asserted(&data[..end], b"{}", relying().domain_hash()).is_err(), "cut at {end}");
    }
}

/// Every bit of the domain, of presence and of verification counts; a changed bit elsewhere is read as what it says.
#[test]
fn each_changed_bit_is_noticed() {
    let good = made();
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut data = good.clone();
            data[at] ^= 1 << bit;
            let read = registered(&attestation("none", &[0xa0], &data), &relying());
            let told = match (at, bit) {
                (0..32, _) => Some(PasskeyFault::Domain),
                (32, 0 | 2) => Some(PasskeyFault::NotVerified),
                // Backed up though it cannot be, credential there or not, extensions there or not.
                (32, 4 | 7) => Some(PasskeyFault::Unreadable),
                (32, 6) => Some(PasskeyFault::Unreadable),
                _ => None,
            };
            match told {
                Some(fault) => assert_eq!(read, Err(fault), "byte {at}, bit {bit}"),
                // Reserved flags, the model and the key's own bytes are free; the rest must not read the same.
                None => assert!(
                    read.as_ref() != registered(&attestation("none", &[0xa0], &good), &relying()).as_ref()
                        || at == 32
                        || (37..53).contains(&at),
                    "byte {at}, bit {bit} counts for nothing"
                ),
            }
        }
    }
}

#[test]
fn attestation_is_none_and_nothing_else() {
    for (format, statement) in [("packed", vec![0xa0]), ("none", vec![0xa1, 0x01, 0x02]), ("", vec![0xa0])] {
        let read = registered(&attestation(format, &statement, &made()), &relying());
        assert_eq!(read, Err(PasskeyFault::Attestation), "{format}");
    }
}

/// Keys that were not asked for: RS256, a secp256k1 curve, an algorithm that does not fit its key, a short key.
#[test]
fn other_keys_are_refused() {
    let head = made()[..57].to_vec();
    let key = |bytes: &[u8]| registered(&attestation("none", &[0xa0], &[&head, bytes].concat()), &relying());
    let thirty_two = |label: u8| [&[label, 0x58, 0x20][..], &[5; 32]].concat();
    let okp = |algorithm: u8, curve: u8| {
        [&[0xa4, 0x01, 0x01, 0x03, algorithm, 0x20, curve][..], &thirty_two(0x21)].concat()
    };
    let ec2 = |algorithm: u8, curve: u8| {
        let mut bytes = vec![0xa5, 0x01, 0x02, 0x03, algorithm, 0x20, curve];
        bytes.extend(thirty_two(0x21));
        bytes.extend(thirty_two(0x22));
        bytes
    };
    assert_eq!(key(&okp(0x27, 0x06)).unwrap().algorithm, Algorithm::EdDsa);
    assert_eq!(key(&ec2(0x26, 0x01)).unwrap().algorithm, Algorithm::Es256);
    let short = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x41, 5];
    for wrong in
        [okp(0x26, 0x06), okp(0x27, 0x01), ec2(0x27, 0x01), ec2(0x26, 0x08), short.to_vec(), vec![0x00]]
    {
        assert_eq!(key(&wrong), Err(PasskeyFault::Key), "{wrong:02x?}");
    }
}

#[test]
fn the_browser_says_where_and_what_for() {
    let challenge = to_base64url(&[9; 32]);
    let said = |kind: &str, origin: &str, more: &str| {
        format!("{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\"{more}}}")
    };
    let read = |text: String| challenge_of(text.as_bytes(), Ceremony::Get, &relying());
    let (get, origin) = ("webauthn.get", "https://site.example");
    assert_eq!(read(said(get, origin, "")), Ok(vec![9; 32]));
    assert_eq!(read(said(get, origin, ",\"crossOrigin\":false,\"other\":[1]")), Ok(vec![9; 32]));
    for (text, fault) in [
        (said("webauthn.create", origin, ""), PasskeyFault::Ceremony),
        (said(get, "http://site.example", ""), PasskeyFault::Origin),
        (said(get, "https://site.example.evil.example", ""), PasskeyFault::Origin),
        (said(get, "https://site.example:444", ""), PasskeyFault::Origin),
        (said(get, origin, ",\"crossOrigin\":true"), PasskeyFault::Origin),
        (said(get, origin, ",\"type\":\"webauthn.get\""), PasskeyFault::Unreadable),
        (said(get, origin, "").replace(&challenge, "a b"), PasskeyFault::Unreadable),
        ("[]".to_owned(), PasskeyFault::Unreadable),
        (String::new(), PasskeyFault::Unreadable),
        (said(get, origin, &format!(",\"x\":\"{}\"", "y".repeat(9_000))), PasskeyFault::Unreadable),
    ] {
        assert_eq!(read(text.clone()), Err(fault), "{text}");
    }
}
