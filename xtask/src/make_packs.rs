//! `make-packs`: writes the CSV files of the packs from the source data, so that anybody can see where each
//! line comes from and make it again. Hand-written files of the packs are left alone.
//!
//! Source files (UTF-8 CSV with a header row): `cn_regions.csv`, `cn_holidays_2024_2026.csv`,
//! `guangdong_items_2021.csv`, `guangdong_departments.csv`, `guangdong_themes.csv`, `guangdong_towns.csv`.

#[path = "make_packs_themes.rs"]
mod themes;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Writes all generated files under `packs` from the source files in `data`.
///
/// # Errors
/// A sentence naming the file and what is wrong with it.
pub fn run(data: &Path, packs: &Path) -> Result<(), String> {
    let (cn, guangdong) = (packs.join("cn"), packs.join("guangdong"));
    areas(&data.join("cn_regions.csv"), &cn.join("areas.csv"))?;
    calendar(&data.join("cn_holidays_2024_2026.csv"), &cn.join("calendar.csv"))?;
    areas(&data.join("guangdong_towns.csv"), &guangdong.join("towns.csv"))?;
    agencies(&data.join("guangdong_departments.csv"), &guangdong.join("agencies.csv"))?;
    themes_file(&data.join("guangdong_themes.csv"), &guangdong.join("themes.csv"))?;
    items(&data.join("guangdong_items_2021.csv"), &guangdong.join("items.csv"))
}

/// One row of a source file, by column name.
struct Row<'a> {
    file: &'a Path,
    columns: &'a HashMap<String, usize>,
    record: csv::StringRecord,
}

impl Row<'_> {
    fn get(&self, column: &str) -> Result<&str, String> {
        let at =
            self.columns.get(column).ok_or_else(|| format!("{}: no column {column}", self.file.display()))?;
        Ok(self.record.get(*at).unwrap_or_default().trim())
    }

    fn fault(&self, what: &str) -> String {
        let line = self.record.position().map_or(0, csv::Position::line);
        format!("{}:{line}: {what}", self.file.display())
    }
}

/// Turns each row of `from` into a row of `to` under `header`.
fn convert(
    from: &Path,
    to: &Path,
    header: &[&str],
    mut row: impl FnMut(&Row<'_>) -> Result<Vec<String>, String>,
) -> Result<(), String> {
    let mut reader = csv::Reader::from_path(from).map_err(|e| format!("{}: {e}", from.display()))?;
    let names = reader.headers().map_err(|e| format!("{}: {e}", from.display()))?.clone();
    let columns: HashMap<String, usize> =
        names.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let mut writer = csv::Writer::from_path(to).map_err(|e| format!("{}: {e}", to.display()))?;
    writer.write_record(header).map_err(|e| format!("{}: {e}", to.display()))?;
    for record in reader.into_records() {
        let record = record.map_err(|e| format!("{}: {e}", from.display()))?;
        let cells = row(&Row { file: from, columns: &columns, record })?;
        writer.write_record(&cells).map_err(|e| format!("{}: {e}", to.display()))?;
    }
    writer.flush().map_err(|e| format!("{}: {e}", to.display()))
}

fn areas(from: &Path, to: &Path) -> Result<(), String> {
    convert(from, to, &["code", "name", "level", "parent"], |row| {
        let level = match row.get("level")? {
            "省级" => "province",
            "地级" | "市级" => "city",
            "县级" => "county",
            "镇（乡、街道）级" => "town",
            other => return Err(row.fault(&format!("unknown level {other}"))),
        };
        Ok(vec![row.get("code")?.into(), row.get("name")?.into(), level.into(), row.get("parent")?.into()])
    })
}

fn calendar(from: &Path, to: &Path) -> Result<(), String> {
    convert(from, to, &["date", "kind", "name", "notice"], |row| {
        let kind = match row.get("kind")? {
            "holiday" => "holiday",
            "makeup_workday" => "makeup-workday",
            other => return Err(row.fault(&format!("unknown kind of day {other}"))),
        };
        Ok(vec![row.get("date")?.into(), kind.into(), row.get("name")?.into(), row.get("notice_url")?.into()])
    })
}

fn agencies(from: &Path, to: &Path) -> Result<(), String> {
    convert(from, to, &["code", "name", "area"], |row| {
        Ok(vec![row.get("uscc_or_te_code")?.into(), row.get("name")?.into(), row.get("region_code")?.into()])
    })
}

fn themes_file(from: &Path, to: &Path) -> Result<(), String> {
    convert(from, to, &["id", "audience", "name", "name_en"], |row| {
        let name = row.get("name")?;
        let (audience, list, prefix) = match row.get("audience")? {
            "自然人" => ("person", themes::PERSON, ""),
            "法人" => ("organisation", themes::ORGANISATION, "org-"),
            other => return Err(row.fault(&format!("unknown audience {other}"))),
        };
        let (_, id, english) = list
            .iter()
            .find(|theme| theme.0 == name)
            .ok_or_else(|| row.fault(&format!("no id for the theme {name}")))?;
        Ok(vec![format!("{prefix}{id}"), audience.into(), name.into(), (*english).into()])
    })
}

const ITEM_COLUMNS: [&str; 26] = [
    "code",
    "name",
    "agency",
    "area",
    "level",
    "kind",
    "base_code",
    "parent_code",
    "parent",
    "visits",
    "statutory_days",
    "statutory_unit",
    "promised_days",
    "promised_unit",
    "online",
    "express",
    "co_agencies",
    "themes",
    "audiences",
    "materials",
    "conditions",
    "windows",
    "system",
    "common_names",
    "lookup",
    "source",
];

fn items(from: &Path, to: &Path) -> Result<(), String> {
    convert(from, to, &ITEM_COLUMNS, |row| {
        let text = |column: &str| row.get(column).map(str::to_owned);
        let code = text("task_code")?;
        // 实施编码 begins with the 18 characters of the body that carries the item out.
        let agency: String = code.chars().take(18).collect();
        let windows = match row.get("place")? {
            "无线下办理窗口" => String::new(),
            place => place.strip_prefix("办理地点：").unwrap_or(place).trim().to_owned(),
        };
        Ok(vec![
            code,
            text("name")?,
            agency,
            text("region_code")?,
            word(row, "level", &[("省级", "province"), ("市级", "city")])?,
            word(row, "type", &KINDS)?,
            text("base_code")?,
            text("parent_code")?,
            text("parent_name")?,
            text("visits")?,
            text("statutory_limit")?,
            word(row, "statutory_unit", &UNITS)?,
            text("promised_limit")?,
            word(row, "promised_unit", &UNITS)?,
            word(row, "online", &YES_NO)?,
            word(row, "express", &YES_NO)?,
            text("co_departments")?,
            list(row, "themes", |name| {
                themes::PERSON.iter().find(|theme| theme.0 == name).map(|theme| theme.1)
            })?,
            list(row, "service_objects", |name| {
                AUDIENCES.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
            })?,
            text("materials")?,
            text("accept_condition")?,
            windows,
            text("system")?,
            common_names(row)?,
            word(row, "derived_inquiry", &[("1", "yes"), ("0", "no")])?,
            "gdzwfw-2021-05".into(),
        ])
    })
}

const KINDS: [(&str, &str); 7] = [
    ("行政许可", "permit"),
    ("行政确认", "confirmation"),
    ("行政给付", "benefit"),
    ("行政奖励", "award"),
    ("行政裁决", "ruling"),
    ("其他行政权力", "other-power"),
    ("公共服务", "public-service"),
];
const UNITS: [(&str, &str); 3] = [("", ""), ("工作日", "workday"), ("自然日", "natural-day")];
const YES_NO: [(&str, &str); 4] = [("", ""), ("是", "yes"), ("否", "no"), ("不支持", "no")];
const AUDIENCES: [(&str, &str); 7] = [
    ("自然人", "person"),
    ("企业法人", "enterprise"),
    ("事业法人", "institution"),
    ("社会组织法人", "social-organisation"),
    ("非法人企业", "unincorporated-enterprise"),
    ("行政机关", "administration"),
    ("其他组织", "other-organisation"),
];

fn word(row: &Row<'_>, column: &str, words: &[(&str, &str)]) -> Result<String, String> {
    let found = row.get(column)?;
    let pair = words.iter().find(|pair| pair.0 == found);
    pair.map(|pair| pair.1.to_owned()).ok_or_else(|| row.fault(&format!("unknown {column} {found}")))
}

fn list(row: &Row<'_>, column: &str, id: impl Fn(&str) -> Option<&'static str>) -> Result<String, String> {
    let ids: Result<Vec<_>, _> = row
        .get(column)?
        .split('|')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| id(name).ok_or_else(|| row.fault(&format!("no id in {column} for {name}"))))
        .collect();
    Ok(ids?.join("|"))
}

/// 日常用语 and 简称, which the source separates with all kinds of commas, each once.
fn common_names(row: &Row<'_>) -> Result<String, String> {
    let both = format!("{}|{}", row.get("common_name")?, row.get("short_name")?);
    let mut names: Vec<&str> = Vec::new();
    for name in both.split([',', '，', '、', ';', '；', '|', '.', '。']) {
        let name = name.trim_matches(|c: char| c.is_whitespace() || "“”\"'".contains(c));
        let said = !name.is_empty() && name != "无" && name != "/" && name != row.get("name")?;
        if said && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names.join("|"))
}
