//! Programs that the tests need from the machine: found, installed on Debian for root, or named with a way to get them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::check;
use crate::{paths, postgres};

/// The oldest Node.js that the browser story runs on.
const OLDEST_NODE: u32 = 18;

/// One thing the tests need, the Debian package that brings it, and how to get it elsewhere.
struct Need {
    name: &'static str,
    packages: &'static [&'static str],
    elsewhere: &'static str,
    found: fn() -> bool,
}

const NEEDS: [Need; 4] = [
    Need {
        name: "PostgreSQL's server programs",
        packages: &["postgresql"],
        elsewhere: "install PostgreSQL 15 or newer and put the folder of initdb and postgres on PATH",
        found: || postgres::binaries().is_some(),
    },
    Need {
        name: "Chromium",
        packages: &["chromium"],
        elsewhere: "install Chromium or Chrome, or name it in CHROMIUM=/path/to/it",
        found: || chromium().is_some(),
    },
    Need {
        name: "a Chinese font",
        packages: &["fontconfig", "fonts-noto-cjk"],
        elsewhere: "install Noto Sans CJK, Source Han Sans or any other font with Chinese glyphs",
        found: has_chinese_font,
    },
    Need {
        name: "Node.js 18 or newer with npm",
        packages: &["nodejs", "npm"],
        elsewhere: "install Node.js 18 or newer; npm comes with it",
        found: || node_version() >= Some(OLDEST_NODE) && paths::in_path("npm").is_some(),
    },
];

const PDF_NEEDS: [Need; 4] = [
    Need {
        name: "poppler's programs",
        packages: &["poppler-utils"],
        elsewhere: "install poppler and put pdfsig and pdftotext on PATH",
        found: || ["pdfsig", "pdftotext", "pdffonts"].iter().all(|name| paths::in_path(name).is_some()),
    },
    Need {
        name: "qpdf",
        packages: &["qpdf"],
        elsewhere: "install qpdf",
        found: || paths::in_path("qpdf").is_some(),
    },
    Need {
        name: "certutil of NSS, and OpenSSL",
        packages: &["libnss3-tools", "openssl"],
        elsewhere: "install NSS's tools and OpenSSL 3",
        found: || ["certutil", "openssl"].iter().all(|name| paths::in_path(name).is_some()),
    },
    Need {
        name: "Python 3 with venv",
        packages: &["python3", "python3-venv"],
        elsewhere: "install Python 3.9 or newer",
        found: || words_of("python3", &["-c", "import venv, ensurepip"]).is_some(),
    },
];

/// PDFBox Preflight, which the check does without where it cannot be had.
const PREFLIGHT: Need = Need {
    name: "PDFBox Preflight",
    packages: &[
        "default-jre-headless",
        "libpdfbox2-java",
        "libcommons-io-java",
        "libbcprov-java",
        "libjaxb-api-java",
        "libactivation-java",
    ],
    elsewhere: "install Java and Debian's libpdfbox2-java",
    found: || {
        let jars = [
            "preflight",
            "pdfbox2",
            "fontbox2",
            "xmpbox",
            "commons-io",
            "bcprov",
            "jaxb-api",
            "javax.activation",
        ];
        paths::in_path("java").is_some()
            && jars.iter().all(|jar| Path::new("/usr/share/java").join(format!("{jar}.jar")).is_file())
    },
};

/// Finds what the check of PDF files needs.
pub(crate) fn provide_for_pdf() -> Result<(), String> {
    if !(PREFLIGHT.found)()
        && is_root()
        && is_debian()
        && let Err(error) = install(&[&PREFLIGHT])
    {
        println!("   {} is left out: {error}", PREFLIGHT.name);
    }
    provide_all(&PDF_NEEDS)
}

/// Finds all that the full test run needs, installs what it can, and says exactly what is missing.
pub(crate) fn provide() -> Result<(), String> {
    provide_all(&NEEDS)
}

fn provide_all(needs: &[Need]) -> Result<(), String> {
    let mut missing: Vec<&Need> = needs.iter().filter(|need| !(need.found)()).collect();
    if !missing.is_empty() && is_root() && is_debian() {
        install(&missing)?;
        missing.retain(|need| !(need.found)());
    }
    for need in needs.iter().filter(|need| (need.found)()) {
        println!("   found {}", need.name);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let mut message = "these are missing:".to_owned();
    for need in missing {
        let packages = need.packages.join(" ");
        message.push_str(&format!(
            "\n     {}: {} (Debian: apt-get install {packages})",
            need.name, need.elsewhere
        ));
    }
    message.push_str("\n     or run the part that needs none of them: cargo xtask test --quick");
    Err(message)
}

fn install(needs: &[&Need]) -> Result<(), String> {
    let packages: Vec<&str> = needs.iter().flat_map(|need| need.packages).copied().collect();
    check(&mut apt(&["update", "-q"]), "apt-get update")?;
    let mut words = vec!["install", "-q", "-y", "--no-install-recommends"];
    words.extend(&packages);
    check(&mut apt(&words), &format!("apt-get install {}", packages.join(" ")))
}

/// `apt-get` that asks nothing. Run level 1 keeps a package from starting its service: ours are throwaways.
fn apt(words: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1").stdin(Stdio::null());
    command
}

/// The browser to test with: the one named in `CHROMIUM`, or the first known one in `PATH`.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return named.is_file().then_some(named);
    }
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
        .into_iter()
        .find_map(paths::in_path)
}

/// The words a command prints, or nothing when it cannot be run or fails.
fn words_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn has_chinese_font() -> bool {
    words_of("fc-list", &[":lang=zh-cn", "family"]).is_some_and(|families| !families.is_empty())
}

/// The major version of Node.js, if it is installed.
pub(crate) fn node_version() -> Option<u32> {
    let version = words_of("node", &["--version"])?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Whether we may install packages and must run PostgreSQL as somebody else.
pub(crate) fn is_root() -> bool {
    words_of("id", &["-u"]).as_deref() == Some("0")
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file() && paths::in_path("apt-get").is_some()
}
