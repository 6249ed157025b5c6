//! The seal: over every byte, by the right key, or not at all.

use documents::{Document, Error, KeyFailed, Seal, render, render_sealed, x509};
use proptest::prelude::*;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::reader::latin;
use crate::sample::{Answers, Key, Rsa, agency, certificate, fonts, made, request};

fn sealed_by(key: &dyn documents::SealKey, chain: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let document = Document::Certificate(certificate());
    Ok(render_sealed(&document, &fonts(), made(), &Seal { key, chain })?.bytes)
}

/// The four figures of the range.
fn range(text: &str) -> [usize; 4] {
    let figures = text.split_once("/ByteRange [").unwrap().1.split_once(']').unwrap().0;
    let figures: Vec<usize> = figures.split_whitespace().map(|word| word.parse().unwrap()).collect();
    figures.try_into().unwrap()
}

/// What is signed, and the envelope with the room behind it.
fn taken_apart(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = latin(file);
    let [from, length, after, rest] = range(&text);
    assert_eq!((from, after + rest), (0, file.len()), "bytes at an end are not signed");
    assert_eq!(
        (&text[length..=length], &text[after - 1..after]),
        ("<", ">"),
        "more than the signature is left out"
    );
    let figures = &text[length + 1..after - 1];
    let envelope =
        figures.as_bytes().chunks(2).map(|two| u8::from_str_radix(&latin(two), 16).unwrap()).collect();
    ([&file[..length], &file[after..]].concat(), envelope)
}

/// Where `needle` begins in `hay`, once.
fn only(hay: &[u8], needle: &[u8]) -> usize {
    let found: Vec<usize> =
        hay.windows(needle.len()).enumerate().filter(|(_, part)| part == &needle).map(|(at, _)| at).collect();
    assert_eq!(found.len(), 1, "found at {found:?}");
    found[0]
}

#[test]
fn the_signature_is_the_keys_own_over_the_whole_file() {
    let (key, chain) = agency();
    let file = sealed_by(&key, &chain).unwrap();
    let (signed, envelope) = taken_apart(&file);
    // The message digest is the one of what is signed.
    let expected = digest(&SHA256, &signed);
    only(&envelope, expected.as_ref());
    // The attributes name the agency's certificate and no other.
    only(&envelope, digest(&SHA256, &chain[0]).as_ref());
    // Behind the attributes stand the algorithm (12 bytes) and the signature.
    let (attributes, rest) = attributes(&envelope);
    assert_eq!(rest[12], 4, "an octet string");
    let signature = &rest[14..14 + usize::from(rest[13])];
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public()).verify(&attributes, signature).unwrap();
}

/// What the key signed: the [0] with a content type in it, as a SET. And what stands behind it in the envelope.
fn attributes(envelope: &[u8]) -> (Vec<u8>, &[u8]) {
    let content_type = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
    let first = only(envelope, &content_type) - 2;
    let begin = (1..=4).map(|back| first - back).find(|at| envelope[*at] == 0xA0).unwrap();
    let (head, length) = match envelope[begin + 1] {
        0x81 => (3, usize::from(envelope[begin + 2])),
        short => (2, usize::from(short)),
    };
    let end = begin + head + length;
    let mut attributes = envelope[begin..end].to_vec();
    attributes[0] = 0x31;
    (attributes, &envelope[end..])
}

#[test]
fn an_rsa_key_seals_too() {
    let key = Rsa::read();
    let file = sealed_by(&key, &Rsa::chain()).unwrap();
    let (signed, envelope) = taken_apart(&file);
    only(&envelope, digest(&SHA256, &signed).as_ref());
    // sha256WithRSAEncryption with NULL (15 bytes), and 256 bytes of signature.
    let (attributes, rest) = attributes(&envelope);
    assert_eq!(rest[15..19], [4, 0x82, 1, 0]);
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public());
    public.verify(&attributes, &rest[19..19 + 256]).unwrap();
    let short = Answers(Ok(vec![1; 255]));
    assert!(matches!(sealed_by(&short, &Rsa::chain()), Err(Error::Key(_))));
    let (other, _) = agency();
    assert!(matches!(sealed_by(&other, &Rsa::chain()), Err(Error::Key(_))), "a signature of another kind");
}

#[test]
fn a_certificate_says_whose_it_is_and_for_how_long() {
    let (key, chain) = agency();
    let [own, root] = [&chain[0], &chain[1]].map(|der| x509::Facts::read(der).unwrap());
    assert_eq!((own.name(), root.name()), ("示例市公安局".to_owned(), "示例根证书".to_owned()));
    let moment = |text: &str| text.parse().unwrap();
    assert_eq!((own.from, own.until), (moment("2026-01-01T00:00:00Z"), moment("2056-01-01T00:00:00Z")));
    assert_eq!((own.signs, own.vouches, root.signs, root.vouches), (true, false, false, true));
    assert_eq!(own.key, x509::PublicKey::P256(&key.public()));
    let x509::PublicKey::P256(point) = root.key else { panic!("a P-256 key") };
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(own.signed, own.signature).unwrap();
    let chain = Rsa::chain();
    let own = x509::Facts::read(&chain[0]).unwrap();
    assert_eq!(own.name(), "示例市公安局电子印章");
    assert_eq!(own.signed_with, x509::SignedWith::RsaSha256);
    assert!(matches!(own.key, x509::PublicKey::Rsa { modulus, .. } if modulus.len() == 256));
}

#[test]
fn only_a_sealed_file_shows_a_seal() {
    let (key, chain) = agency();
    let sealed = latin(&sealed_by(&key, &chain).unwrap());
    let plain = latin(&render(&Document::Certificate(certificate()), &fonts(), made()).unwrap().bytes);
    for words in ["/Subtype /Widget", "/SubFilter /ETSI.CAdES.detached", "/DocMDP", "/SigFlags 3", "/F 132"] {
        assert!(sealed.contains(words), "{words} is missing");
        assert!(!plain.contains(words), "{words} is in a file without a seal");
    }
}

#[test]
fn a_certificate_is_signed_by_its_issuer() {
    let root_key = Key::draw();
    let root = x509::root(&request("示例根证书", &root_key.public()), &root_key).unwrap();
    // The certificate's body, its algorithm (12 bytes) and the signature's bits.
    assert_eq!(root[..2], [0x30, 0x82]);
    let length = 4 + usize::from(u16::from_be_bytes([root[6], root[7]]));
    let (body, rest) = root[4..].split_at(length);
    assert_eq!(rest[12], 3, "a bit string");
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, root_key.public()).verify(body, &rest[15..]).unwrap();
}

#[test]
fn a_chain_that_is_none_is_refused() {
    let (key, chain) = agency();
    let (_, other) = agency();
    let strange = x509::root(&request("别的根证书", &key.public()), &key).unwrap();
    let mut trailing = chain[0].clone();
    trailing.push(0);
    for chain in [
        vec![],
        vec![vec![]],
        vec![b"no certificate".to_vec()],
        vec![chain[0][..chain[0].len() - 1].to_vec()],
        vec![trailing],
        vec![chain[0].clone(), strange],
        vec![chain[0].clone(), chain[0].clone()],
        vec![other[1].clone(); 6],
    ] {
        let told = sealed_by(&key, &chain);
        assert!(
            matches!(told, Err(Error::Chain(_))),
            "{} certificates: {:?}",
            chain.len(),
            told.map(|it| it.len())
        );
    }
}

#[test]
fn a_key_that_fails_or_answers_with_something_else_seals_nothing() {
    let (_, chain) = agency();
    let zero = vec![0x30, 6, 2, 1, 0, 2, 1, 1];
    let negative = vec![0x30, 6, 2, 1, 0xFF, 2, 1, 1];
    let trailing = vec![0x30, 6, 2, 1, 1, 2, 1, 1, 0];
    let three = vec![0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1];
    for answer in [vec![], b"signature".to_vec(), vec![0; 64], zero, negative, trailing, three] {
        let told = sealed_by(&Answers(Ok(answer.clone())), &chain);
        assert!(matches!(told, Err(Error::Key(_))), "{answer:?}");
    }
    let away = Answers(Err(KeyFailed("the module is away".to_owned())));
    assert_eq!(sealed_by(&away, &chain), Err(Error::Key("the module is away".to_owned())));
}

#[test]
fn a_request_that_makes_no_certificate_is_refused() {
    let key = Key::draw();
    let public = key.public();
    let mut compressed = public;
    compressed[0] = 2;
    let fine = request("示例", &public);
    let long = "长".repeat(65);
    for request in [
        x509::Request { name: "", ..fine },
        x509::Request { name: &long, ..fine },
        x509::Request { public_key: &compressed, ..fine },
        x509::Request { until: fine.from, ..fine },
    ] {
        assert!(matches!(x509::root(&request, &key), Err(Error::Chain(_))), "{request:?}");
    }
    assert!(matches!(x509::seal(&fine, b"no certificate", &key), Err(Error::Chain(_))));
}

#[test]
fn a_serial_number_of_any_bits_is_positive() {
    let key = Key::draw();
    let public = key.public();
    for serial in [[0; 16], [0xFF; 16]] {
        let made = x509::root(&x509::Request { serial, ..request("示例", &public) }, &key).unwrap();
        // After version (5 bytes): INTEGER of 16 bytes, its first bit clear and not zero.
        let at = only(&made, &[0xA0, 3, 2, 1, 2]) + 5;
        assert_eq!(made[at..at + 2], [2, 16]);
        assert!((0x40..0x80).contains(&made[at + 2]), "{:x}", made[at + 2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_as_a_chain_are_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let key = Answers(Ok(vec![0x30, 6, 2, 1, 1, 2, 1, 1]));
        prop_assert!(matches!(sealed_by(&key, &[bytes]), Err(Error::Chain(_))));
    }

    #[test]
    fn a_damaged_certificate_does_no_harm(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let (key, mut chain) = agency();
        let at = at.index(chain[0].len());
        chain[0][at] = with;
        // It may still look like a certificate, since signatures are for verifiers to check. It must only do no harm.
        let told = sealed_by(&key, &chain);
        prop_assert!(matches!(told, Ok(_) | Err(Error::Chain(_))));
    }
}
