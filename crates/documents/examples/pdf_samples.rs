//! Writes example documents, each with and without a seal, and the root that vouches for the seals:
//! `cargo run -p documents --example pdf_samples -- FOLDER`

#![expect(clippy::unwrap_used, reason = "an example, not a part of the product")]

use std::path::Path;

use documents::{Seal, render, render_sealed};

mod common;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder to write into is missing");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    let fonts = common::fonts();
    for (name, document, words) in common::all() {
        let agency = common::Agency::found("示例机构电子印章");
        let seal = Seal { key: &agency.key, chain: &agency.chain };
        let sealed = render_sealed(&document, &fonts, common::made(), &seal).unwrap();
        let plain = render(&document, &fonts, common::made()).unwrap();
        for (ending, bytes) in
            [("sealed.pdf", &sealed.bytes), ("plain.pdf", &plain.bytes), ("root.der", &agency.chain[1])]
        {
            std::fs::write(folder.join(format!("{name}.{ending}")), bytes).unwrap();
        }
        std::fs::write(folder.join(format!("{name}.words")), words.join("\n")).unwrap();
        println!(
            "{name}: {} pages, {} bytes, undrawn {:?}",
            sealed.pages,
            sealed.bytes.len(),
            sealed.undrawn
        );
    }
}
