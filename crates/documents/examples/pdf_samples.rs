//! Writes example documents, each with and without a seal, and the root that vouches for the seals:
//! `cargo run -p documents --example pdf_samples -- FOLDER`

#![expect(clippy::unwrap_used, reason = "an example, not a part of the product")]

use std::path::Path;

use documents::{Document, KeyFailed, Seal, SealKey, render, render_sealed};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

mod common;

/// An RSA key, whose certificates OpenSSL made: an example that opens nothing.
struct Rsa(RsaKeyPair);

impl SealKey for Rsa {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|error| KeyFailed(error.to_string()))
    }
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder to write into is missing");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    for (name, document, words) in common::all() {
        let agency = common::Agency::found("示例机构电子印章");
        write(folder, name, &document, &words, &Seal { key: &agency.key, chain: &agency.chain });
    }
    // Under a key and certificates from elsewhere, as an agency brings them.
    let key = Rsa(RsaKeyPair::from_pkcs8(include_bytes!("../tests/rsa/key.der")).unwrap());
    let chain = [&include_bytes!("../tests/rsa/agency.der")[..], include_bytes!("../tests/rsa/root.der")]
        .map(<[u8]>::to_vec);
    for (name, document, words) in common::all().into_iter().take(1) {
        write(folder, &format!("{name}-rsa"), &document, &words, &Seal { key: &key, chain: &chain });
    }
}

/// The document with the seal and without, the root that vouches for it, and the words that must come out.
fn write(folder: &Path, name: &str, document: &Document, words: &[&str], seal: &Seal<'_>) {
    let fonts = common::fonts();
    let sealed = render_sealed(document, &fonts, common::made(), seal).unwrap();
    let plain = render(document, &fonts, common::made()).unwrap();
    for (ending, bytes) in
        [("sealed.pdf", &sealed.bytes), ("plain.pdf", &plain.bytes), ("root.der", &seal.chain[1])]
    {
        std::fs::write(folder.join(format!("{name}.{ending}")), bytes).unwrap();
    }
    std::fs::write(folder.join(format!("{name}.words")), words.join("\n")).unwrap();
    println!("{name}: {} pages, {} bytes, undrawn {:?}", sealed.pages, sealed.bytes.len(), sealed.undrawn);
}
