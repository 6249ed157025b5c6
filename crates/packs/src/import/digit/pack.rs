//! Imported procedures as a whole pack: it passes the check beside a base pack, and can be applied to and walked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::{Limit, Text};

use crate::import::yaml::{quoted, text};
use crate::procedure::Procedure;

use super::{Imported, Warning, words};

/// A pack made of imported procedures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Content by path inside the pack.
    pub files: BTreeMap<String, String>,
    /// What is a stand-in, beside the warnings of each file.
    pub warnings: Vec<Warning>,
}

/// Not the code of any real area or body.
const AREA: &str = "990000";
const AGENCY: &str = "TE-EXAMPLE-DIGIT";
/// The worked example's limit where a service has none.
const STAND_IN: Limit = Limit::natural_days(30);

const FORM: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "One question, so that an imported procedure can be applied to",
  "type": "object",
  "x-pages": [
    {"id": "request", "title": {"zh": "申请内容", "en": "Your request"}, "fields": ["request"]}
  ],
  "required": ["request"],
  "properties": {
    "request": {
      "type": "string",
      "title": "您要办什么",
      "x-title-en": "What do you ask for",
      "maxLength": 500,
      "x-multiline": true
    }
  }
}
"#;

/// A pack's id from the name of its folder.
#[must_use]
pub fn pack_id(folder: &str) -> String {
    Some(words::slug(folder)).filter(|id| !id.is_empty()).unwrap_or_else(|| "digit".to_owned())
}

/// The files of a pack with this id, from files of DIGIT by name; `retrieved` is the day of the import.
#[must_use]
pub fn pack(id: &str, imports: &[(String, Imported)], retrieved: &str) -> Made {
    let mut made = Made { files: BTreeMap::new(), warnings: Vec::new() };
    made.files.insert("pack.yaml".into(), manifest(id, imports, retrieved));
    made.files.insert(
        "areas.csv".into(),
        format!("code,name,name_en,level,parent\n{AREA},示例地区（供导入的流程使用）,Example area for imported procedures,province,\n"),
    );
    made.files.insert(
        "agencies.csv".into(),
        format!("code,name,name_en,area\n{AGENCY},示例·导入流程的办理机构,Example agency for imported procedures,{AREA}\n"),
    );
    made.files.insert("forms/request.json".into(), FORM.into());
    let mut taken = BTreeSet::new();
    for (_, imported) in imports {
        for (procedure, yaml) in &imported.procedures {
            let (procedure, yaml) = unlike(procedure, yaml, &mut taken, &mut made.warnings);
            let id = &procedure.procedure;
            let item = item(&procedure, &mut made.warnings);
            made.files.insert(format!("items/{id}.yaml"), item);
            made.files.insert(format!("procedures/{id}.yaml"), yaml);
        }
    }
    made.files.insert("README.md".into(), readme(id, imports, &made.warnings));
    made
}

/// A second procedure of the same name gets a number behind it.
fn unlike(
    procedure: &Procedure,
    yaml: &str,
    taken: &mut BTreeSet<String>,
    warnings: &mut Vec<Warning>,
) -> (Procedure, String) {
    let wanted = &procedure.procedure;
    if taken.insert(wanted.clone()) {
        return (procedure.clone(), yaml.to_owned());
    }
    let mut other = procedure.clone();
    let mut n = 2;
    while !taken.insert(other.procedure.clone()) {
        other.procedure = format!("{wanted}-{n}");
        n += 1;
    }
    let what =
        format!("another file has a service of this name; this one is the procedure {}", other.procedure);
    warnings.push(Warning { service: service(procedure), state: String::new(), what });
    let yaml = crate::import::procedure_yaml(&other);
    (other, yaml)
}

fn service(procedure: &Procedure) -> String {
    procedure.origin.get("businessService").cloned().unwrap_or_else(|| procedure.procedure.clone())
}

fn manifest(id: &str, imports: &[(String, Imported)], retrieved: &str) -> String {
    let mut yaml = format!(
        "id: {}\nversion: 0.1.0\ntitle: {}\npublisher: {}\nneeds: [cn]\nsources:\n",
        quoted(id),
        text(&Text::both("导入的 DIGIT 业务流程", "Imported DIGIT business services")),
        text(&Text::both("示例发布者", "Example publisher")),
    );
    for (n, (name, imported)) in (1..).zip(imports) {
        let source = imported.source.as_deref();
        let licence =
            imported.licence.as_deref().unwrap_or("not stated in the file; find out before you publish");
        let _ = writeln!(yaml, "  - id: file-{n}");
        let _ = writeln!(yaml, "    title: {}", quoted(name));
        if let Some(source) = source {
            let url = source.starts_with("https://") || source.starts_with("http://");
            let _ = writeln!(yaml, "    {}: {}", if url { "url" } else { "note" }, quoted(source));
        }
        let _ = writeln!(yaml, "    licence: {}\n    retrieved: {}", quoted(licence), quoted(retrieved));
    }
    yaml
}

/// A worked example that one can apply to, so that the procedure can be seen at work.
fn item(procedure: &Procedure, warnings: &mut Vec<Warning>) -> String {
    let name = service(procedure);
    let mut warn =
        |what: String| warnings.push(Warning { service: name.clone(), state: String::new(), what });
    let sla = procedure.origin.get("businessServiceSla").and_then(|ms| ms.parse::<u64>().ok());
    let limit = match sla.map(|ms| (ms, words::limit(ms))) {
        Some((_, Some((limit, true)))) => limit,
        Some((ms, Some((limit, false)))) => {
            warn(format!("businessServiceSla of {ms} ms is rounded up to {limit} in its worked example"));
            limit
        }
        Some((ms, None)) => {
            warn(format!(
                "businessServiceSla of {ms} ms is no limit; the worked example says {STAND_IN} in its place"
            ));
            STAND_IN
        }
        None => {
            warn(format!("it has no businessServiceSla; the worked example says {STAND_IN} in its place"));
            STAND_IN
        }
    };
    let id = &procedure.procedure;
    let both = |zh: String, en: String| text(&Text::both(zh, en));
    format!(
        "# 这是示例事项：让导入的流程可以申请、可以走通；换成真实的事项后再使用。\n\
         code: ex-{id}\n\
         worked_example: true\n\
         name: {}\n\
         summary: {}\n\
         kind: public-service\n\
         agency: {AGENCY}\n\
         area: \"{AREA}\"\n\
         level: province\n\
         audiences: [person]\n\
         visits: 0\n\
         statutory: {limit}\n\
         promised: {limit}\n\
         conditions: {}\n\
         law:\n  - {{act: {}}}\n\
         procedure: {id}\n\
         form: forms/request.json\n",
        both(format!("示例·{name}"), format!("Example: {name}")),
        both(
            format!("按导入的流程 {name} 办理的示例事项。"),
            format!("A worked example that goes through the imported procedure {name}."),
        ),
        both(
            "这是示例事项，没有官方编码；期限来自导入的文件，或者只是示例。".into(),
            "This is a worked example without an official code; its limits come from the imported file or are examples.".into(),
        ),
        text(&procedure.law.act),
    )
}

fn readme(id: &str, imports: &[(String, Imported)], own: &[Warning]) -> String {
    let mut page = format!(
        "# {id}\n\nProcedures imported from BusinessService files of eGov DIGIT. The area, the agency and the items are examples: put real ones\n\
         in their place, name the act that applies and the ways to challenge a decision.\n"
    );
    for (name, imported) in imports {
        let _ = write!(page, "\n## {name}\n{} states, {} actions\n", imported.states, imported.actions);
        list(&mut page, &imported.warnings);
    }
    if !own.is_empty() {
        page.push_str("\n## Stand-ins\n");
        list(&mut page, own);
    }
    page
}

fn list(page: &mut String, warnings: &[Warning]) {
    for (n, warning) in warnings.iter().enumerate() {
        let _ = writeln!(page, "{}* {warning}", if n == 0 { "\n" } else { "" });
    }
}
