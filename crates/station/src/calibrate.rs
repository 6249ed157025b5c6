//! `calibrate`: scores that mean what they say, and bands by what mistakes cost.

use std::process::ExitCode;

use inspection::calibrate::Costs;
use inspection::school::{Outside, adjust};
use serde_json::json;

use crate::cli::{Calibrate, CostArgs};
use crate::eye::Eye;
use crate::say::say;
use crate::{data, evaluate};

impl CostArgs {
    pub(crate) fn costs(&self) -> Costs {
        Costs { escape: self.escape, overkill: self.overkill, review: 1.0 }
    }
}

pub(crate) fn calibrate(args: &Calibrate) -> Result<ExitCode, String> {
    let entries = data::entries(&args.data, &args.groups)?;
    let mut eye = Eye::load(Some(&args.model))?;
    let lessons = data::lessons(&args.data, &entries, args.threads)?;
    let mut outside = Outside::default();
    let mut looker = eye.looker();
    for lesson in &lessons {
        outside.add(looker.look(&lesson.pair, 1)?, lesson);
    }
    let mut card = eye.card().clone();
    card.taught.held_out = lessons.len();
    let parting = adjust(&mut card, &outside, args.costs.costs());
    eye.adjust(card);
    eye.write(&args.model)?;
    if args.json {
        say!("{}", json!({ "card": eye.card(), "parting": parting }));
    } else {
        evaluate::print_parting(eye.card(), &parting);
    }
    Ok(ExitCode::SUCCESS)
}
