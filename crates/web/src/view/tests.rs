//! Every template with every sample, in both languages, in normal and large type.

use std::collections::BTreeSet;

use domain::Lang;

use super::engine::TEMPLATES;
use super::{
    Chrome, Page, SignedIn, Views, account, apply, assets, case, catalogue, desk, desk_case, format, home,
    identity, item, pages, partners, permissions, privacy, providers, ties, wallet, wallets_elsewhere,
};

/// Everything a page weighs, files included (look.md: 60 kB).
const HEAVIEST: usize = 60_000;

fn chromes() -> Vec<Chrome> {
    let mut chromes = Vec::new();
    for lang in Lang::ALL {
        for (elders, demo) in [(false, true), (true, false)] {
            for officer in [None, Some(false), Some(true)] {
                chromes.push(Chrome {
                    lang,
                    elders,
                    demo,
                    site_name: "省事".to_owned(),
                    signed_in: officer.map(|officer| SignedIn {
                        name: "示例".to_owned(),
                        officer,
                        unread: 1,
                    }),
                    path: "/search?q=办社保&page=2".to_owned(),
                    csrf: "token\"<".to_owned(),
                    once: "key\"<".to_owned(),
                    noindex: elders,
                    acting: demo.then(|| "示例·李秀英".to_owned()),
                    notice: demo.then_some("saved"),
                });
            }
        }
    }
    chromes
}

fn check<P: Page>(views: &Views, seen: &mut BTreeSet<&'static str>) {
    seen.insert(P::TEMPLATE);
    for page in P::sample() {
        for chrome in chromes() {
            let html =
                views.render(&page, &chrome).unwrap_or_else(|error| panic!("{}: {error}", P::TEMPLATE));
            assert!(html.contains("<h1"), "{}: no heading", P::TEMPLATE);
            assert!(html.trim_end().ends_with("</html>"), "{}: cut short", P::TEMPLATE);
            let asked = assets().iter().filter(|asset| html.contains(&format!("/static/{}?", asset.name)));
            let files: usize = asked.map(|asset| asset.bytes.len()).sum();
            assert!(html.len() + files <= HEAVIEST, "{}: {} bytes", P::TEMPLATE, html.len() + files);
            assert!(!html.contains("token\"<"), "{}: unescaped", P::TEMPLATE);
            for bad in [" style=", " onclick=", "<script>", "javascript:"] {
                assert!(!html.contains(bad), "{}: {bad} breaks the content security policy", P::TEMPLATE);
            }
            let forms = html.matches("method=\"post\"").count();
            assert_eq!(forms, html.matches("name=\"csrf\"").count(), "{}: a form without token", P::TEMPLATE);
            assert_eq!(forms, html.matches("name=\"once\"").count(), "{}: a form without key", P::TEMPLATE);
            let ids: Vec<&str> =
                html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "{}: an id twice in {ids:?}", P::TEMPLATE);
            let chinese_page = chrome.lang == Lang::Zh;
            assert!(html.contains(if chinese_page { "<html lang=\"zh-CN\"" } else { "<html lang=\"en\"" }));
        }
    }
}

#[test]
fn a_kept_page_is_the_page() {
    let views = Views::new().unwrap();
    same::<home::HomePage>(&views);
    same::<catalogue::SearchPage>(&views);
    same::<catalogue::IndexPage>(&views);
    same::<item::ItemPage>(&views);
}

/// Rendered once and surrounded anew, or rendered whole: the same page, for everybody.
fn same<P: Page>(views: &Views) {
    for page in P::sample() {
        for around in chromes() {
            let kept = views.keep(&page, around.lang).unwrap();
            assert_eq!(views.render_kept(&kept, &around).unwrap(), views.render(&page, &around).unwrap());
        }
    }
}

#[test]
fn every_template_renders_every_sample() {
    let views = Views::new().unwrap();
    let mut seen = BTreeSet::from([
        "base.html",
        "ui.html",
        "kept.html",
        "ties.html",
        "privacy-ui.html",
        "review-ui.html",
    ]);
    check::<home::HomePage>(&views, &mut seen);
    check::<catalogue::SearchPage>(&views, &mut seen);
    check::<catalogue::IndexPage>(&views, &mut seen);
    check::<catalogue::ListPage>(&views, &mut seen);
    check::<item::ItemPage>(&views, &mut seen);
    check::<apply::ApplyPage>(&views, &mut seen);
    check::<apply::MaterialsPage>(&views, &mut seen);
    check::<apply::CheckPage>(&views, &mut seen);
    check::<apply::ReceiptPage>(&views, &mut seen);
    check::<account::MePage>(&views, &mut seen);
    check::<case::CasePage>(&views, &mut seen);
    check::<account::RatePage>(&views, &mut seen);
    check::<account::MessagesPage>(&views, &mut seen);
    check::<account::MessagePage>(&views, &mut seen);
    check::<ties::RelativesPage>(&views, &mut seen);
    check::<ties::AskPage>(&views, &mut seen);
    check::<ties::OrganisationsPage>(&views, &mut seen);
    check::<ties::StaffPage>(&views, &mut seen);
    check::<super::stations::StationsPage>(&views, &mut seen);
    check::<super::line::LinePage>(&views, &mut seen);
    check::<super::line::LotsPage>(&views, &mut seen);
    check::<super::line::LotView>(&views, &mut seen);
    check::<pages::SigninPage>(&views, &mut seen);
    check::<pages::OfficerSigninPage>(&views, &mut seen);
    check::<pages::SignoutPage>(&views, &mut seen);
    check::<identity::LevelPage>(&views, &mut seen);
    check::<identity::ProfilePage>(&views, &mut seen);
    check::<identity::SessionsPage>(&views, &mut seen);
    check::<identity::PasskeysPage>(&views, &mut seen);
    check::<identity::SecondPage>(&views, &mut seen);
    check::<identity::PostsPage>(&views, &mut seen);
    check::<identity::WindowPage>(&views, &mut seen);
    check::<identity::OfficersPage>(&views, &mut seen);
    check::<partners::ConsentPage>(&views, &mut seen);
    check::<partners::LeadPage>(&views, &mut seen);
    check::<partners::BadRequestPage>(&views, &mut seen);
    check::<partners::LeavePage>(&views, &mut seen);
    check::<partners::AuthorisationsPage>(&views, &mut seen);
    check::<providers::WechatPage>(&views, &mut seen);
    check::<desk::QueuePage>(&views, &mut seen);
    check::<desk_case::DeskCasePage>(&views, &mut seen);
    check::<desk::CardsPage>(&views, &mut seen);
    check::<desk::DeadPage>(&views, &mut seen);
    check::<super::review::ReviewPage>(&views, &mut seen);
    check::<super::review::AgreementPage>(&views, &mut seen);
    check::<pages::HelpPage>(&views, &mut seen);
    check::<pages::AboutPage>(&views, &mut seen);
    check::<wallet::WalletPage>(&views, &mut seen);
    check::<wallet::CertificatePage>(&views, &mut seen);
    check::<wallet::PaperPage>(&views, &mut seen);
    check::<permissions::PermissionsPage>(&views, &mut seen);
    check::<permissions::PermitPage>(&views, &mut seen);
    check::<permissions::PermittedPage>(&views, &mut seen);
    check::<wallet::ShowPage>(&views, &mut seen);
    check::<wallet::VerifyPage>(&views, &mut seen);
    check::<wallet::DeskCertificatePage>(&views, &mut seen);
    check::<privacy::PrivacyPage>(&views, &mut seen);
    check::<privacy::ReadsPage>(&views, &mut seen);
    check::<privacy::ExportPage>(&views, &mut seen);
    check::<privacy::DeletePage>(&views, &mut seen);
    check::<privacy::UnmaskingsPage>(&views, &mut seen);
    check::<wallets_elsewhere::OfferPage>(&views, &mut seen);
    check::<wallets_elsewhere::AskPage>(&views, &mut seen);
    check::<wallets_elsewhere::AskedPage>(&views, &mut seen);
    check::<pages::ErrorPage>(&views, &mut seen);
    let all: BTreeSet<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
    assert_eq!(seen, all, "a template without samples");
}

#[test]
fn both_languages_have_the_same_keys_once() {
    let views = Views::new().unwrap();
    let [zh, en] = Lang::ALL.map(|lang| views.keys(lang).iter().collect::<BTreeSet<_>>());
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&&String>::new(), "only in Chinese");
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&&String>::new(), "only in English");
    for lang in Lang::ALL {
        assert_eq!(views.keys(lang).len(), zh.len(), "a key twice in {lang:?}");
    }
}

#[test]
fn every_text_a_template_names_exists() {
    let views = Views::new().unwrap();
    let keys: BTreeSet<&String> = views.keys(Lang::Zh).iter().collect();
    for (template, source) in TEMPLATES {
        for (at, _) in source.match_indices("t(\"") {
            // `asset("…")` ends in the same letters.
            if source[..at].ends_with(|before: char| before.is_alphanumeric()) {
                continue;
            }
            let call = &source[at + "t(\"".len()..];
            let (key, after) = call.split_once('"').unwrap();
            let found = if after.trim_start().starts_with('~') {
                keys.iter().any(|known| known.starts_with(key))
            } else {
                keys.contains(&key.to_owned())
            };
            assert!(found, "{template}: no text {key}");
        }
    }
}

#[test]
fn closed_sets_have_a_text_for_each_member() {
    let views = Views::new().unwrap();
    let sets: &[(&str, &[&str])] = &[
        ("kind", &packs::ItemKind::ALL.map(packs::ItemKind::id)),
        ("audience", &packs::Audience::ALL.map(packs::Audience::id)),
        ("rating", &["1", "2", "3", "4", "5"]),
        ("light", &["still", "none", "theirs"]),
        ("clock-law", &["special", "renewal", "hearing-request", "hearing-hold"]),
        ("ending", &["runs", "in-time", "late", "stopped", "extended", "over"]),
        ("colour", &["yellow", "red"]),
        (
            "tab",
            &["todo", "review", "waiting", "done", "supervision", "dead", "window", "officers", "security"],
        ),
        ("post", &["clerk", "colleague", "head"]),
        ("reason", &["conditions-not-met", "materials-untrue", "quota-exhausted", "other-law"]),
        ("finding", &["meets", "does-not-meet"]),
        (
            "signin",
            &[
                "name-missing",
                "number-shape",
                "number-birthday",
                "number-check",
                "not-synthetic",
                "mismatch",
                "proved-more",
                "other-person",
                "too-low",
                "away",
                "state",
                "refused",
                "late",
                "lacks",
                "level-unknown",
                "not-genuine",
            ],
        ),
        ("level", &["2", "3", "4", "5", "2-says", "3-says", "4-says", "5-says", "3-how", "4-how", "5-how"]),
        ("level-why", &["2", "3", "4", "5"]),
        ("level-do", &["3", "4", "5"]),
        ("vouched", &["demo", "directory", "window", "other"]),
        (
            "passkey",
            &[
                "unreadable",
                "ceremony",
                "origin",
                "domain",
                "challenge",
                "not-verified",
                "attestation",
                "key",
                "unknown",
                "signature",
                "copied",
                "too-many",
                "last",
                "code",
            ],
        ),
        (
            "device",
            &["iphone", "ipad", "harmony", "android", "windows", "mac", "chromebook", "linux", "other"],
        ),
        ("browser", &["wechat", "edge", "firefox", "chrome", "safari", "other"]),
        ("wechat", &["outside", "code", "too-often", "risk", "busy", "away", "setup", "ticket", "taken"]),
        ("card", &app::CardKind::ALL.map(app::CardKind::id)),
        ("act", &["registered", "passkeys-removed"]),
        (
            "message",
            &[
                "window-registered-subject",
                "window-registered-body",
                "window-passkeys-removed-subject",
                "window-passkeys-removed-body",
                "passkey-added-subject",
                "passkey-added-body",
                "passkey-removed-subject",
                "passkey-removed-body",
                "wechat-tied-subject",
                "wechat-tied-body",
                "wechat-untied-subject",
                "wechat-untied-body",
            ],
        ),
        ("material", &["missing", "missing-or-excuse", "always-needed", "unknown"]),
        ("bond", &::identity::Bond::ALL.map(::identity::Bond::id)),
        ("tie-state", &["asked", "lapsed", "stands", "over", "ended"]),
        (
            "tie",
            &[
                "yourself",
                "underage",
                "not-in-register",
                "not-legal",
                "until-error",
                "scope-error",
                "too-many",
            ],
        ),
        ("standing", &["valid", "not-yet", "expired", "revoked", "replaced"]),
        ("grade", &["a", "b", "c", "d"]),
        ("ledger", &["verified", "revoked", "replaced"]),
        ("certificate", &app::NAMES),
        ("effect", &["issue-certificate", "webhook"]),
        ("scope", &app::Scope::ALL.map(app::Scope::id)),
        ("defect", &app::CLASSES),
        ("defect", &[app::OTHER]),
        ("false-call", &app::FALSE_CALLS),
        ("obstacle", &["dark", "blurred", "shifted", "wrong-recipe", "empty", "other"]),
        (
            "review-refused",
            &[
                "already-closed",
                "same-officer-twice",
                "wrong-step",
                "claimed-by-other",
                "not-your-role",
                "other",
            ],
        ),
        ("why", &["name", "common-name", "synonym", "parent", "theme", "agency", "conditions"]),
    ];
    for lang in Lang::ALL {
        for (prefix, members) in sets {
            for member in *members {
                let key = format!("{prefix}-{member}");
                assert_ne!(views.text(lang, &key, &[]), key, "{lang:?}: no text {key}");
            }
        }
    }
}

/// The ids that a source of the engine gives out: the quoted words after `=>` in `fn id`.
fn ids(source: &str) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    for body in source.split("fn id(").skip(1) {
        let body = body.split("\n    }").next().unwrap();
        ids.extend(body.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()));
    }
    ids
}

/// Each id that the engine gives out has a text in both languages: a new event or rule without one fails here.
#[test]
fn every_id_of_the_engine_has_a_text() {
    macro_rules! source {
        ($file:literal) => {
            include_str!(concat!("../../../", $file))
        };
    }
    let views = Views::new().unwrap();
    let says = |key: &str| {
        for lang in Lang::ALL {
            assert!(views.keys(lang).iter().any(|known| known == key), "{lang:?}: no text {key}");
        }
    };
    for id in ids(source!("casework/src/refusal.rs")) {
        says(&format!("refusal-{id}"));
    }
    let statuses = ids(source!("casework/src/case.rs"));
    assert!(statuses.len() > 20, "{statuses:?}");
    for id in statuses.iter().chain(&["suspended"]) {
        says(&format!("status-{id}"));
        says(&format!("now-{id}"));
    }
    let events = source!("casework/src/event.rs").split_once("impl What").unwrap().1;
    let events = ids(events);
    assert!(events.len() > 40, "{events:?}");
    // Of these nobody is sent a message: they are the desk's own, or a part has told them itself.
    let quiet = ["claimed", "released", "passed", "step-began", "carded", "part-held", "part-freed"];
    for id in events {
        says(&format!("event-{id}"));
        if !quiet.contains(&id) {
            says(&format!("message-{id}-subject"));
            says(&format!("message-{id}-body"));
        }
    }
    for id in ids(source!("casework/src/clock.rs").split_once("enum Light").unwrap().0) {
        says(&format!("clock-{id}"));
    }
    for id in ids(source!("casework/src/rules.rs")) {
        says(&format!("verdict-{id}"));
    }
    for action in casework::Action::ALL {
        says(&format!("action-{}", action.id()));
        says(&format!("action-{}-hint", action.id()));
    }
    casework::Outcome::ALL.iter().for_each(|outcome| says(&format!("closed-{}", outcome.id())));
    casework::CardRule::ALL.iter().for_each(|card| says(&format!("card-{}", card.id())));
    casework::Channel::ALL.iter().for_each(|channel| says(&format!("channel-{}", channel.id())));
    casework::ReopenGround::ALL.iter().for_each(|ground| says(&format!("reopen-{}", ground.id())));
    casework::RefusalReason::ALL.iter().for_each(|reason| says(&format!("reason-{}", reason.id())));
    packs::Special::ALL.iter().for_each(|special| says(&format!("special-{}", special.id())));
    let steps = source!("packs/src/procedure.rs").split_once("impl StepKind").unwrap().1;
    ids(steps.split_once("\n}").unwrap().0).iter().for_each(|id| says(&format!("step-{id}")));
    let roles = ["intake", "review", "decide", "head", "supervise", "operate", "register", "applicant"];
    roles.iter().for_each(|role| says(&format!("role-{role}")));
}

/// A refusal says what stands against it and what may lawfully be done instead: two clauses at least.
#[test]
fn a_refusal_names_the_alternatives() {
    let views = Views::new().unwrap();
    for lang in Lang::ALL {
        for key in views.keys(lang).iter().filter(|key| key.starts_with("refusal-")) {
            let text = views.text(lang, key, &[]);
            let text = text.trim_end_matches(['。', '.']);
            let clauses = text.split(['。', '；', '，', ';']).flat_map(|part| part.split(". ")).count();
            // Here the rule is what to do.
            assert!(clauses > 1 || key == "refusal-bad-rating", "{key}: {text}");
        }
    }
}

#[test]
fn numbers_choose_their_form() {
    let views = Views::new().unwrap();
    let says = |lang, n: i64| views.text(lang, "limit-workday", &[("n", n.into())]);
    assert_eq!(says(Lang::En, 1), "1 working day");
    assert_eq!(says(Lang::En, 20), "20 working days");
    assert_eq!(says(Lang::Zh, 20), "20 个工作日");
}

/// Half a day is neither "on the spot" nor a number the plural can choose by.
#[test]
fn parts_of_a_day_are_shown() {
    let views = Views::new().unwrap();
    let page = &catalogue::SearchPage::sample()[0];
    for chrome in chromes() {
        let html = views.render(page, &chrome).unwrap();
        let half = if chrome.lang == Lang::En { "0.5 working days" } else { "0.5 个工作日" };
        assert!(html.contains(half), "{html}");
    }
}

#[test]
fn official_chinese_is_marked_on_english_pages() {
    let views = Views::new().unwrap();
    let chrome = &chromes()[6];
    assert_eq!(chrome.lang, Lang::En);
    let html = views.render(&item::ItemPage::sample()[1], chrome).unwrap();
    assert!(html.contains("<h1 lang=\"zh-CN\">社会保险参保缴费记录查询</h1>"), "{html}");
}

#[test]
fn no_heading_at_home_stands_over_nothing() {
    let views = Views::new().unwrap();
    let shown = |page: &home::HomePage| {
        let html = views.render(page, &chromes()[0]).unwrap();
        (html.contains("大家常办"), html.contains("遇到这些事"))
    };
    let pages = home::HomePage::sample();
    assert_eq!(pages.iter().map(shown).collect::<Vec<_>>(), [(true, true), (true, true), (false, false)]);
}

#[test]
fn what_people_typed_is_escaped() {
    let views = Views::new().unwrap();
    let html = views.render(&catalogue::SearchPage::sample()[1], &chromes()[0]).unwrap();
    assert!(html.contains("火星移民 &lt;b&gt;"));
    assert!(!html.contains("火星移民 <b>"));
}

#[test]
fn dates_amounts_and_masks() {
    let day = domain::Date::constant(2026, 11, 3);
    assert_eq!(format::date(day, Lang::Zh), "2026年11月3日");
    assert_eq!(format::date(day, Lang::En), "3 November 2026");
    assert_eq!(format::day(day, Lang::Zh), "11月3日");
    assert_eq!(format::moment(day.at(9, 5, 0, 0), Lang::Zh), "2026年11月3日 09:05");
    assert_eq!(format::yuan(2000), "20");
    assert_eq!(format::yuan(2005), "20.05");
    assert_eq!(format::size(812_400), "812 kB");
    assert_eq!(format::size(3_456_000), "3.4 MB");
    assert_eq!(format::masked_name("陈晓明"), "陈*明");
    assert_eq!(format::masked_name("陈明"), "陈*");
    assert_eq!(format::masked_number("990000199001010010"), "9900************10");
    assert_eq!(format::masked_number("1234"), "****");
}

#[test]
fn the_stylesheet_is_small_and_whole() {
    let css = assets().iter().find(|asset| asset.name == "site.css").unwrap();
    let text = std::str::from_utf8(&css.bytes).unwrap();
    assert!(text.len() <= 24_000, "{} bytes", text.len());
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    assert!(text.contains("main section,main .page > * + *"), "selectors keep their meaning");
    assert!(text.contains("content:\", \""), "strings keep their spaces");
    assert!(text.contains("calc(var(--touch) + 8px)"), "sums keep their spaces");
    assert!(!text.contains("/*") && !text.contains('\n'));
}
