//! Whatever is typed and whatever a pack holds: no panic, and the promises of the results hold.

use domain::Text;
use proptest::prelude::*;
use search::{Doc, Index};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[社会保险驾照驶证公积金办理行重，（）A-Z ]{0,24}",
        "[a-z ']{0,40}",
        "(she|bao|zheng|gong|ji|jin|sb|gjj| ){0,20}",
        any::<String>(),
    ]
}

fn doc() -> impl Strategy<Value = Doc> {
    let common = prop::collection::vec(text(), 0..3);
    (text(), prop::option::of(text()), common, prop::option::of(text()), text(), any::<(bool, f32)>())
        .prop_map(|(zh, en, common_names, other, agency, (online, boost))| Doc {
            name: Text { zh, en },
            common_names,
            parent: other.clone(),
            themes: vec![agency.clone()],
            agency,
            conditions: other,
            online,
            boost,
        })
}

proptest! {
    // Loading the dictionary takes a moment in each case.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_keep_their_promises(
        docs in prop::collection::vec(doc(), 0..12),
        synonyms in prop::collection::vec(prop::collection::vec(text(), 0..4), 0..4),
        queries in prop::collection::vec(text(), 1..40),
        limit in 0_usize..15,
    ) {
        let index = Index::build(docs.clone(), &synonyms);
        for query in queries {
            let results = index.search(&query, limit, &|doc| doc % 3 != 1);
            prop_assert_eq!(&results, &index.search(&query, limit, &|doc| doc % 3 != 1));
            prop_assert_eq!(results.hits.len(), results.total.min(limit));
            prop_assert!(results.hits.windows(2).all(|two| two[0].score >= two[1].score));
            for hit in &results.hits {
                prop_assert!(hit.doc % 3 != 1 && hit.score.is_finite());
                let name = &docs[hit.doc as usize].name;
                let en = name.en.as_deref().unwrap_or("");
                let why = hit.why.iter().map(|why| (why.text.as_str(), &why.marks));
                for (text, marks) in [(name.zh.as_str(), &hit.name_marks), (en, &hit.name_en_marks)].into_iter().chain(why) {
                    prop_assert!(marks.iter().all(|mark| text.get(mark.clone()).is_some_and(|part| !part.is_empty())));
                    prop_assert!(marks.windows(2).all(|two| two[0].end < two[1].start));
                }
            }
            prop_assert!(index.suggest(&query, limit).len() <= limit);
        }
    }
}
