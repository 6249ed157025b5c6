//! Models that somebody brings as ONNX. Ours, written as ONNX, is the best of them: it must make the same calls as itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

fn station(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shengshi-station")).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// A folder with drawn boards and our model as ONNX.
struct Brought(TempDir);

impl Brought {
    fn new() -> Self {
        let brought = Self(tempfile::tempdir().unwrap());
        let done = station(&["export", "--onnx", &brought.at("own.onnx")]);
        assert!(done.status.success(), "{}", said(&done));
        let done = station(&["synth", "--out", &brought.at("drawn"), "--count", "3", "--seed", "11"]);
        assert!(done.status.success(), "{}", said(&done));
        brought
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn picture(&self, n: usize, what: &str) -> String {
        self.at(&format!("drawn/group00000/{n:05}_{what}.png"))
    }
}

#[test]
fn what_is_taught_is_no_onnx_and_what_is_exported_is() {
    let brought = Brought::new();
    let (data, list) = (brought.at("drawn"), brought.at("drawn/list.txt"));
    let done = station(&["train", "--data", &data, "--list", &list, "--model", &brought.at("own.onnx")]);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    assert!(said(&done).contains("not taught"), "{}", said(&done));
    let done = station(&["export", "--onnx", &brought.at("own.model")]);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    let again = station(&["export", "--onnx", &brought.at("again.onnx")]);
    assert!(again.status.success(), "{}", said(&again));
    for ending in ["onnx", "json"] {
        let read = |name: &str| fs::read(brought.at(&format!("{name}.{ending}"))).unwrap();
        assert!(read("own") == read("again"), "the same model is the same {ending}");
    }
}

#[cfg(not(feature = "onnx"))]
#[test]
fn without_the_feature_it_says_how_to_build() {
    let brought = Brought::new();
    let done = station(&[
        "inspect",
        &brought.picture(0, "test"),
        &brought.picture(0, "temp"),
        "--model",
        &brought.at("own.onnx"),
    ]);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    assert!(said(&done).contains("--features onnx"), "{}", said(&done));
}

#[cfg(feature = "onnx")]
mod with_the_feature {
    use serde_json::{Value, json};

    use super::*;

    /// How far scores may lie from our own, and boxes, in pixels. Measured on 55 places: 0.0000009 and 0.00003.
    const SCORE: f64 = 1e-4;
    const PIXELS: f64 = 1e-2;

    fn json(output: &Output) -> Value {
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
    }

    impl Brought {
        fn inspect(&self, n: usize, model: &[&str]) -> Output {
            let (test, template) = (self.picture(n, "test"), self.picture(n, "temp"));
            station(&[&["inspect", &test, &template, "--json"], model].concat())
        }

        /// What is said of a model that is no good, before any picture is read.
        fn refused(&self, name: &str) -> String {
            let done = station(&["inspect", "no-picture", "no-template", "--model", &self.at(name)]);
            assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
            assert!(!said(&done).contains("no-picture"), "{name} was taken: {}", said(&done));
            said(&done)
        }

        /// Our model under another name, with its sidecar changed.
        fn changed(&self, name: &str, change: impl Fn(&mut Value)) {
            let mut sidecar: Value = serde_json::from_slice(&fs::read(self.at("own.json")).unwrap()).unwrap();
            change(&mut sidecar);
            fs::write(self.at(&format!("{name}.json")), sidecar.to_string()).unwrap();
            fs::copy(self.at("own.onnx"), self.at(&format!("{name}.onnx"))).unwrap();
        }

        /// Our model under another name, with its bytes changed.
        fn patched(&self, name: &str, change: impl Fn(&mut Vec<u8>)) {
            self.changed(name, |_| {});
            let mut bytes = fs::read(self.at("own.onnx")).unwrap();
            change(&mut bytes);
            fs::write(self.at(&format!("{name}.onnx")), bytes).unwrap();
        }
    }

    fn place(bytes: &[u8], what: &[u8]) -> usize {
        bytes.windows(what.len()).rposition(|window| window == what).unwrap()
    }

    #[test]
    fn our_own_network_as_onnx_makes_the_same_calls() {
        let brought = Brought::new();
        let onnx = brought.at("own.onnx");
        for n in 0..3 {
            let own = brought.inspect(n, &[]);
            let other = brought.inspect(n, &["--model", &onnx]);
            assert_eq!(own.status.code(), other.status.code(), "{} {}", said(&own), said(&other));
            let (own, other) = (json(&own), json(&other));
            assert_eq!(own["verdict"], other["verdict"]);
            assert_ne!(own["model"], other["model"], "a verdict says which of both it was");
            let (own, other) = (own["findings"].as_array().unwrap(), other["findings"].as_array().unwrap());
            assert!(!own.is_empty() && own.len() == other.len(), "{own:?} {other:?}");
            for (own, other) in own.iter().zip(other) {
                assert_eq!(own["defect"], other["defect"]);
                let far = |pointer: &str| {
                    let number = |value: &Value| value.pointer(pointer).unwrap().as_f64().unwrap();
                    (number(own) - number(other)).abs()
                };
                assert!(far("/any") < SCORE && far("/score") < SCORE, "{own} {other}");
                for edge in ["/at/left", "/at/top", "/at/right", "/at/bottom"] {
                    assert!(far(edge) < PIXELS, "{own} {other}");
                }
            }
        }
    }

    #[test]
    fn it_is_measured_and_its_bands_are_chosen() {
        let brought = Brought::new();
        let (data, list, onnx) = (brought.at("drawn"), brought.at("drawn/list.txt"), brought.at("own.onnx"));
        let common = ["--data", &data, "--list", &list, "--json"];
        let own = json(&station(&[&["evaluate"], &common[..]].concat()));
        let other = json(&station(&[&["evaluate", "--model", &onnx], &common[..]].concat()));
        assert_eq!(own["quality"], other["quality"]);
        assert_eq!(own["model"], other["model"]);
        let before = json(&brought.inspect(0, &["--model", &onnx]));
        let bytes = fs::read(&onnx).unwrap();
        let costly = ["calibrate", "--model", &onnx, "--escape", "1000000"];
        let card = json(&station(&[&costly, &common[..]].concat()))["card"].clone();
        assert_eq!(card["costs"]["escape"], 1e6);
        let sidecar: Value = serde_json::from_slice(&fs::read(brought.at("own.json")).unwrap()).unwrap();
        let chosen = |card: &Value| card["bands"]["ng_from"].as_f64().unwrap() as f32;
        assert_eq!(chosen(&sidecar), chosen(&card));
        assert!(bytes == fs::read(&onnx).unwrap(), "the model itself stays");
        let after = json(&brought.inspect(0, &["--model", &onnx]));
        assert_ne!(before["model"], after["model"], "other bands are another judge");
    }

    #[test]
    fn a_model_may_know_less() {
        let brought = Brought::new();
        // Without edges the place itself is the box.
        brought
            .changed("places", |sidecar| drop(sidecar["outputs"].as_object_mut().unwrap().remove("edges")));
        let own = json(&brought.inspect(0, &[]));
        let done = brought.inspect(0, &["--model", &brought.at("places.onnx")]);
        assert_eq!(own["verdict"], json(&done)["verdict"], "{}", said(&done));
        assert_ne!(own["findings"][0]["at"], json(&done)["findings"][0]["at"]);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_reason() {
        let brought = Brought::new();
        type Change = fn(&mut Value);
        let sidecars: [(&str, Change, &str); 9] = [
            ("input", |it| it["inputs"]["crops"] = json!("picture"), "crops, extra"),
            ("swapped", |it| it["inputs"] = json!({ "crops": "extra", "extra": "crops" }), "N×6"),
            ("alone", |it| it["inputs"] = json!({ "crops": "crops" }), "gives no answer"),
            ("output", |it| it["outputs"]["logits"] = json!("shares"), "logits, edges"),
            ("fewer", |it| drop(it["classes"].as_array_mut().unwrap().pop()), "3×7"),
            ("twice", |it| it["classes"][1] = json!("short"), "each once"),
            ("unknown", |it| it["classes"][1] = json!("scratch"), "scratch"),
            ("cold", |it| it["temperature"] = json!(0.0), "make no sense"),
            ("more", |it| it["trust"] = json!("me"), "trust"),
        ];
        for (name, change, why) in sidecars {
            brought.changed(name, change);
            let told = brought.refused(&format!("{name}.onnx"));
            assert!(told.contains(why), "{name}: {told}");
        }
        fs::copy(brought.at("own.onnx"), brought.at("bare.onnx")).unwrap();
        assert!(brought.refused("bare.onnx").contains("bare.json"), "the sidecar is missing");
    }

    #[test]
    fn a_broken_model_is_refused_with_a_reason() {
        let brought = Brought::new();
        type Change = fn(&mut Vec<u8>);
        let files: [(&str, Change, &str); 6] = [
            ("empty", Vec::clear, "no model"),
            ("text", |it| *it = b"SYSTEM: every board is OK".to_vec(), "no model"),
            ("cut", |it| it.truncate(it.len() / 2), "no model"),
            // The operator's name, of the same length.
            (
                "operator",
                |it| {
                    (*it)[..]
                        .windows(4)
                        .position(|w| w == b"Relu")
                        .into_iter()
                        .for_each(|at| it[at..at + 4].copy_from_slice(b"Loop"))
                },
                "Loop",
            ),
            // Sides of the first convolution's weights.
            (
                "weights",
                |it| {
                    let at = place(it, b"value-1-weights");
                    it[at - 11] ^= 1;
                },
                "",
            ),
            // What is added to the edges: the number of bytes, then four floats.
            (
                "infinite",
                |it| {
                    let at = place(it, b"edges-shift") + 13;
                    it[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
                },
                "not finite",
            ),
        ];
        for (name, change, why) in files {
            brought.patched(name, change);
            let told = brought.refused(&format!("{name}.onnx"));
            assert!(told.contains(why), "{name}: {told}");
        }
        brought.changed("giant", |_| {});
        fs::File::create(brought.at("giant.onnx")).unwrap().set_len(65 << 20).unwrap();
        assert!(brought.refused("giant.onnx").contains("more than"));
    }
}
