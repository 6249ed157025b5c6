//! The index over the real catalogue: what people type, and what must come first.

use packs::Catalogue;
use search::{Index, Results, docs_of};
use std::path::Path;
use std::sync::LazyLock;

static REAL: LazyLock<(Catalogue, Index)> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = packs::load(&[root.join("cn"), root.join("guangdong")]);
    let catalogue = loaded.catalogue.expect("the packs of this repository are sound");
    let index = Index::build(docs_of(&catalogue), &catalogue.synonyms);
    (catalogue, index)
});

fn search(query: &str) -> Results {
    REAL.1.search(query, 10, &|_| true)
}

fn names(results: &Results) -> Vec<&'static str> {
    results.hits.iter().map(|hit| REAL.0.items[hit.doc as usize].name.zh.as_str()).collect()
}

/// Some names differ in their brackets only.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_name_finds_its_own_item() {
    for (at, item) in REAL.0.items.iter().enumerate() {
        let results = REAL.1.search(&item.name.zh, 20, &|_| true);
        let short = item.name.zh.chars().count() <= search::MAX_QUERY_CHARS;
        let first = names(&results).first().copied().unwrap_or_default();
        assert!(!short || letters(first) == letters(&item.name.zh), "{at} {} finds {first}", item.name.zh);
    }
}

#[test]
fn what_people_type_finds_what_they_mean() {
    let mut wrong = Vec::new();
    // Query, and a word that the first name found must have.
    for (query, first) in [
        ("办社保", "保"),
        ("shebao", "社会保险"),
        ("shebau", "社会保险"),
        ("sb", "保"),
        ("gjj 提取", "住房公积金"),
        ("gongjijin tiqu", "住房公积金"),
        ("办居住证 广州", "居住"),
        ("juzuzheng", "居住"),
        ("换驾照", "驾驶证"),
        ("jiashizheng", "驾驶证"),
        ("driving licence renewal", "驾驶证"),
        ("老人卡", "优待证"),
        ("结婚登记预约", "结婚登记预约"),
        ("passport", "护照"),
        ("取水许可", "取水许可"),
        ("lvshi shiwusuo", "律师事务所"),
        ("教师资格认定", "教师资格认定"),
        ("我要申请个体户营业执照", "个体工商户"),
        ("残疾证", "残疾人证"),
    ] {
        let found = names(&search(query));
        if !found.first().is_some_and(|name| name.contains(first)) {
            wrong.push((query, first, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_item_of_another_kind_is_left_out() {
    let online = |doc: u32| REAL.0.items[doc as usize].online();
    let results = REAL.1.search("公证", 500, &online);
    assert!(results.total < REAL.1.search("公证", 500, &|_| true).total);
    assert!(results.hits.iter().all(|hit| online(hit.doc)));
}

#[test]
fn marks_lie_on_characters() {
    for query in ["社保", "驾照 换", "gongzheng", "sb", "tiqian tuixiu", "licence", "公安 注册"] {
        for hit in search(query).hits {
            let name = &REAL.0.items[hit.doc as usize].name.zh;
            assert!(hit.name_marks.iter().all(|mark| name.get(mark.clone()).is_some()), "{query} {name}");
            let why = hit.why.iter().flat_map(|why| why.marks.iter().map(|mark| why.text.get(mark.clone())));
            assert!(why.into_iter().all(|marked| marked.is_some()), "{query} {name}");
        }
    }
}
