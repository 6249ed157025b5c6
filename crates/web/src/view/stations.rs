//! The stations of an organisation.

use serde::Serialize;

use super::Page;

/// A station.
#[derive(Debug, Clone, Serialize)]
pub struct StationLineView {
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: String,
    /// When it last reported.
    pub used: Option<String>,
    /// When it was revoked.
    pub revoked: Option<String>,
    /// Where its forms go, without the last part.
    pub base: String,
}

/// `/me/organisations/{id}/stations`.
#[derive(Debug, Clone, Serialize)]
pub struct StationsPage {
    /// The organisation.
    pub organisation: String,
    /// Its page.
    pub back: String,
    /// Where this page is.
    pub base: String,
    /// Its stations.
    pub stations: Vec<StationLineView>,
    /// A new credential, shown this once.
    pub credential: Option<String>,
    /// The name as typed.
    pub name: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Page for StationsPage {
    const TEMPLATE: &'static str = "stations.html";

    fn sample() -> Vec<Self> {
        let line = |name: &str, used: bool, revoked: bool| StationLineView {
            name: name.to_owned(),
            since: "2026年11月23日 09:00".to_owned(),
            used: used.then(|| "2026年11月23日 14:05".to_owned()),
            revoked: revoked.then(|| "2026年11月23日 15:00".to_owned()),
            base: "/me/organisations/1/stations/2".to_owned(),
        };
        let page = Self {
            organisation: "示例·远航电子科技有限公司".to_owned(),
            back: "/me/organisations/1".to_owned(),
            base: "/me/organisations/1/stations".to_owned(),
            stations: vec![
                line("三号线工位", true, false),
                line("四号线工位", false, false),
                line("旧工位", true, true),
            ],
            credential: None,
            name: String::new(),
            error: None,
        };
        let credential = Some(format!("station_{}", "A".repeat(43)));
        let wrong = Some("工位要有 1 到 80 个字的名称".to_owned());
        vec![
            page.clone(),
            Self { credential, ..page.clone() },
            Self { stations: vec![], error: wrong, ..page },
        ]
    }
}
