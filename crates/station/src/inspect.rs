//! `inspect`: one picture.

use std::process::ExitCode;

use inspection::Finding;
use inspection::judge::{self, Verdict};
use serde_json::json;

use crate::cli::Inspect;
use crate::eye::Eye;
use crate::say::say;
use crate::{files, overlay};

pub(crate) fn inspect(args: &Inspect) -> Result<ExitCode, String> {
    let eye = Eye::load(args.model.as_deref())?;
    let bands = eye.card().bands;
    let (test, template) = (files::picture(&args.test)?, files::picture(&args.template)?);
    let (verdict, findings) = match judge::lay(&test, &template) {
        Ok(pair) => {
            let findings = eye.looker().find(&pair, args.views)?;
            (judge::verdict(&findings, bands), findings)
        }
        Err(reason) => (Verdict::CannotJudge(reason), Vec::new()),
    };
    let called: Vec<Finding> = findings.into_iter().filter(|f| f.any >= bands.ok_below).collect();
    if let Some(path) = &args.overlay {
        files::write(path, &overlay::draw(&test, &called, bands)?)?;
    }
    if args.json {
        say!("{}", json!({ "verdict": verdict, "model": eye.version()?, "findings": called }));
    } else {
        say!("{}", tell(&verdict));
        for finding in &called {
            let (at, name) = (finding.at, finding.defect.name());
            say!(
                "{:.3} {name} {:.0},{:.0} to {:.0},{:.0}",
                finding.any,
                at.left,
                at.top,
                at.right,
                at.bottom
            );
        }
    }
    Ok(ExitCode::from(match verdict {
        Verdict::Ok => 0,
        Verdict::Ng => 1,
        Verdict::Doubtful => 3,
        Verdict::CannotJudge(_) => 4,
    }))
}

fn tell(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Ok => "OK".to_owned(),
        Verdict::Ng => "NG".to_owned(),
        Verdict::Doubtful => "doubtful: a person should look".to_owned(),
        Verdict::CannotJudge(reason) => format!("cannot judge: {}", why(*reason)),
    }
}

fn why(reason: judge::Unjudged) -> &'static str {
    match reason {
        judge::Unjudged::SizeDiffers => "the picture and its template have different sizes",
        judge::Unjudged::NoContrast => "next to no contrast; look at the light and at what covers the camera",
        judge::Unjudged::Blurred => "out of focus, or moved during exposure",
        judge::Unjudged::Empty => "no board is to be seen",
        judge::Unjudged::Displaced => "the board lies too far from where the template has it",
        judge::Unjudged::AnotherBoard => "it does not look like its template; is it the right recipe?",
    }
}
