//! Sealed PDF files before other people's code: `interop/pdf_check.py` with pyHanko, poppler, qpdf and PDFBox Preflight.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::cargo::{self, check};
use crate::report::Report;
use crate::scratch::Scratch;
use crate::{paths, tools};

/// The check alone.
pub(crate) fn run() -> Result<(), String> {
    tools::provide_for_pdf()?;
    check_samples()
}

/// The check as a step of a longer run, left out aloud where its tools cannot be had.
pub(crate) fn step(report: &mut Report) {
    const NAME: &str = "sealed PDF files with pyHanko, poppler, OpenSSL, qpdf and PDFBox";
    match tools::provide_for_pdf() {
        Ok(()) => _ = report.step(NAME, check_samples),
        Err(missing) => report.skip(NAME, &missing),
    }
}

/// Makes example files with fresh keys and has them checked.
fn check_samples() -> Result<(), String> {
    let python = python()?;
    let scratch = Scratch::new("pdf")?;
    let samples = scratch.path().display().to_string();
    cargo::run(&["run", "-q", "-p", "documents", "--example", "pdf_samples", "--", &samples], &[])?;
    let mut checker = Command::new(python);
    checker.arg(paths::root().join("interop/pdf_check.py")).arg(scratch.path()).stdin(Stdio::null());
    check(&mut checker, "python interop/pdf_check.py")
}

/// A Python of our own with the packages that the check needs, made once for each list of them.
fn python() -> Result<PathBuf, String> {
    let folder = paths::target()?.join("interop-pdf");
    let list = paths::root().join("interop/pdf-requirements.txt");
    let wanted = std::fs::read_to_string(&list).map_err(|e| format!("{}: {e}", list.display()))?;
    let python = folder.join("bin/python");
    let stamp = folder.join(".installed-for");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("   pyHanko is there");
        return Ok(python);
    }
    let mut venv = Command::new("python3");
    check(venv.args(["-m", "venv", "--clear"]).arg(&folder), "python3 -m venv")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r"]).arg(&list);
    check(pip.stdin(Stdio::null()), "pip install -r interop/pdf-requirements.txt")?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(python)
}
