//! What a query must find, in a small catalogue of real names.

use domain::Text;
use search::{Doc, Field, Index, Results};
use std::sync::LazyLock;

const SOCIAL: &str = "社会保障（社会保险、社会救助）";

/// Name, English, common names, agency, theme, online.
type Row = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str, bool);

const ROWS: &[Row] = &[
    ("企业职工个人社会保险信息变更", "", &[], "广东省人力资源和社会保障厅", SOCIAL, true),
    ("企业职工从事特殊工种提前退休申请", "", &[], "广东省人力资源和社会保障厅", "退休", true),
    ("养老保险参保缴费凭证申请", "", &[], "广东省人力资源和社会保障厅", SOCIAL, true),
    ("特种设备检验指南", "", &[], "广东省特种设备检测研究院", "其他", false),
    (
        "社会保险参保证明",
        "Proof of social insurance",
        &["社保证明", "参保证明"],
        "广东省人力资源和社会保障厅",
        SOCIAL,
        true,
    ),
    ("住房公积金提取", "Housing fund withdrawal", &["取公积金"], "广州住房公积金管理中心", "住房保障", true),
    ("居住证申领", "Residence permit", &["办居住证"], "广东省公安厅", "户籍办理", true),
    ("居住证办理进度查询", "", &[], "广东省公安厅", "证件办理", false),
    ("居民身份证办理进度查询", "", &[], "广东省公安厅", "证件办理", false),
    ("机动车驾驶证期满换证", "Driving licence renewal", &["换驾照"], "广州市公安局", "交通出行", true),
    ("机动车驾驶证增加准驾车型", "", &[], "广州市公安局", "交通出行", true),
    ("申请取得校车驾驶资格", "", &[], "广州市公安局", "交通出行", true),
    (
        "办理往来港澳通行证商务签注",
        "Endorsement for Hong Kong and Macao",
        &["港澳签注"],
        "广州市公安局",
        "出境入境",
        true,
    ),
    ("办理及加注普通护照", "Passport", &[], "广州市公安局", "出境入境", true),
    ("补发普通护照办证进度查询", "", &[], "广东省公安厅", "出境入境", false),
    ("老年人优待证申领", "Elders' card", &["老人卡", "敬老卡"], "广东省民政厅", "老年人", true),
    (
        "《中华人民共和国残疾人证》挂失补办",
        "Disability card replacement",
        &[],
        "广东省残疾人联合会",
        "残疾人",
        true,
    ),
    ("出生登记", "Birth registration", &["上户口"], "广东省公安厅", "生小孩", true),
    ("结婚登记预约", "Marriage appointment", &["领证"], "广东省民政厅", "婚姻登记", true),
    ("补领结婚证预约", "", &[], "广东省民政厅", "婚姻登记", true),
    ("律师事务所设立许可", "", &[], "广东省司法厅", "设立变更", true),
    ("律师事务所设立许可", "", &[], "广州市司法局", "设立变更", true),
    ("律师执业证书补证、换证", "", &["律师证补办"], "广东省司法厅", "职业资格", true),
    ("高等学校教师资格认定", "", &["教师证"], "广东省教育厅", "教育科研", true),
    ("教师资格考试成绩查询", "", &[], "广东省教育厅", "教育科研", false),
    (
        "个体工商户设立登记",
        "Small business licence",
        &["个体户营业执照"],
        "广东省市场监督管理局",
        "设立变更",
        true,
    ),
    ("延续取水许可", "", &[], "广东省水利厅", "其他", true),
    ("新增取水许可", "", &["新增取水许可"], "广东省水利厅", "其他", true),
    (
        "二级注册建造师执业资格注册核准(二级注册建造师延续注册)",
        "",
        &[],
        "广东省住房和城乡建设厅",
        "职业资格",
        true,
    ),
    ("广东省人才优粤卡（A卡）申办", "", &[], "广东省人力资源和社会保障厅", "人才", true),
    ("无线电台（站）设置使用", "", &["无线电,频率"], "广州市工业和信息化局", "其他", true),
    ("职工因病或非因工致残完全丧失劳动能力提前退休申请", "", &[], "广东省人力资源和社会保障厅", "退休", true),
    ("商标权公证指引", "", &[], "广东省司法厅", "司法公证", false),
    ("广州海关法规查询", "", &[], "广州海关", "其他", false),
    ("银行存款公证指引", "", &[], "广东省司法厅", "司法公证", false),
];

const SYNONYMS: &[&[&str]] = &[
    &["社保", "社会保险", "social insurance"],
    &["驾照", "驾驶证", "driver's license"],
    &["公积金", "住房公积金", "housing fund"],
    &["身份证", "居民身份证", "identity card"],
    &["律师证", "律师执业证书"],
    &["残疾证", "残疾人证"],
    &["结婚", "婚姻登记", "get married"],
    &["营业执照", "开公司", "business licence"],
];

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let docs = ROWS.iter().map(|&(zh, en, common, agency, theme, online)| Doc {
        name: if en.is_empty() { Text::zh(zh) } else { Text::both(zh, en) },
        common_names: common.iter().map(|&s| s.into()).collect(),
        parent: zh.starts_with("机动车驾驶证").then(|| "机动车驾驶证核发".into()),
        agency: agency.into(),
        themes: vec![theme.into()],
        conditions: (zh == "居住证申领")
            .then(|| "在居住地有合法稳定就业、合法稳定住所或者连续就读的公民。".into()),
        online,
        boost: if en.is_empty() { 1.0 } else { 1.3 },
    });
    let synonyms: Vec<Vec<String>> =
        SYNONYMS.iter().map(|group| group.iter().map(|&word| word.into()).collect()).collect();
    Index::build(docs.collect(), &synonyms)
});

fn search(query: &str) -> Results {
    INDEX.search(query, 10, &|_| true)
}

fn names(results: &Results) -> Vec<&'static str> {
    results.hits.iter().map(|hit| ROWS[hit.doc as usize].0).collect()
}

/// Asserts that a query finds these names first, in full and not by halves.
fn finds(query: &str, first: &[&str]) {
    let results = search(query);
    let found = names(&results);
    assert!(found.starts_with(first), "{query} found {found:#?}, not first {first:#?}");
    assert!(!results.partial, "{query} was not answered in full");
}

/// The marked parts of the name of the first hit.
fn marked(query: &str) -> Vec<&'static str> {
    let results = search(query);
    let hit = &results.hits[0];
    hit.name_marks.iter().map(|mark| &ROWS[hit.doc as usize].0[mark.clone()]).collect()
}

#[test]
fn chinese_words() {
    finds("社会保险", &["社会保险参保证明", "企业职工个人社会保险信息变更"]);
    finds("居住证", &["居住证申领", "居住证办理进度查询"]);
    finds("教师资格认定", &["高等学校教师资格认定"]);
    finds("提前退休", &["企业职工从事特殊工种提前退休申请"]);
    finds("取水许可 延续", &["延续取水许可"]);
    finds("建造师延续", &["二级注册建造师执业资格注册核准(二级注册建造师延续注册)"]);
    finds("公安厅 护照", &["补发普通护照办证进度查询"]);
    finds("无线电", &["无线电台（站）设置使用"]);
}

#[test]
fn the_name_itself_comes_first_and_equals_keep_their_order() {
    finds("律师事务所设立许可", &["律师事务所设立许可", "律师事务所设立许可"]);
    let results = search("律师事务所设立许可");
    assert!(results.hits[0].doc < results.hits[1].doc);
    finds("出生登记", &["出生登记"]);
    finds("居住证办理进度查询", &["居住证办理进度查询"]);
}

#[test]
fn spoken_names_and_synonyms() {
    finds("办社保", &["社会保险参保证明", "企业职工个人社会保险信息变更"]);
    finds("驾照", &["机动车驾驶证期满换证", "机动车驾驶证增加准驾车型"]);
    finds("换驾照", &["机动车驾驶证期满换证"]);
    finds("老人卡", &["老年人优待证申领"]);
    finds("律师证", &["律师执业证书补证、换证"]);
    finds("残疾证", &["《中华人民共和国残疾人证》挂失补办"]);
    finds("开公司", &["个体工商户设立登记"]);
    finds("上户口", &["出生登记"]);
    finds("领证", &["结婚登记预约"]);
}

#[test]
fn pinyin_with_and_without_spaces() {
    for query in ["shebao", "she bao", "SheBao", "banshebao"] {
        finds(query, &["社会保险参保证明", "企业职工个人社会保险信息变更"]);
    }
    finds("juzhuzheng", &["居住证申领", "居住证办理进度查询"]);
    finds("ju zhu zheng", &["居住证申领"]);
    finds("gongjijin tiqu", &["住房公积金提取"]);
    finds("tiqian tuixiu", &["企业职工从事特殊工种提前退休申请"]);
    finds("lvshi shiwusuo", &["律师事务所设立许可"]);
    finds("laorenka", &["老年人优待证申领"]);
    finds("yinhang", &["银行存款公证指引"]);
    finds("juzhuz", &["居住证申领"]);
}

#[test]
fn initials() {
    finds("sb", &["社会保险参保证明", "企业职工个人社会保险信息变更"]);
    finds("gjj", &["住房公积金提取"]);
    finds("jzz", &["居住证申领"]);
    finds("jdcjsz", &["机动车驾驶证期满换证"]);
    finds("jszg", &["教师资格考试成绩查询"]);
    finds("gjjtq", &["住房公积金提取"]);
}

#[test]
fn mixed_scripts() {
    finds("gjj 提取", &["住房公积金提取"]);
    finds("gjj提取", &["住房公积金提取"]);
    finds("提取 gongjijin", &["住房公积金提取"]);
    finds("优粤 A卡", &["广东省人才优粤卡（A卡）申办"]);
}

#[test]
fn slips_in_pinyin_are_corrected_and_said() {
    for (typed, right) in [
        ("shebau", "shebao"),
        ("sebao", "shebao"),
        ("shbao", "shebao"),
        ("juzuzheng", "juzhuzheng"),
        ("gonjijin", "gongjijin"),
        ("jiashzheng", "jiashizheng"),
        ("lushi", "lvshi"),
        ("jiehunn", "jiehun"),
        ("tuxiu", "tuixiu"),
    ] {
        let (slip, exact) = (search(typed), search(right));
        assert_eq!(slip.corrected.as_deref(), Some(right), "{typed}");
        assert_eq!(names(&slip), names(&exact), "{typed}");
        assert_eq!(exact.corrected, None, "{right}");
    }
    assert_eq!(search("shebau 证明").corrected.as_deref(), Some("shebao 证明"));
}

#[test]
fn english() {
    finds("driving licence", &["机动车驾驶证期满换证"]);
    finds("how do I get a driver's license", &["机动车驾驶证期满换证"]);
    finds("Passports", &["办理及加注普通护照"]);
    finds("housing fund", &["住房公积金提取"]);
    finds("identity card", &["居民身份证办理进度查询"]);
    finds("disab", &["《中华人民共和国残疾人证》挂失补办"]);
    assert_eq!(search("lisence").corrected.as_deref(), Some("licence"));
}

#[test]
fn words_of_courtesy_are_dropped_while_something_remains() {
    let wanted = names(&search("驾驶证"));
    for query in
        ["我要办驾驶证", "怎么申请驾驶证", "请问如何办理驾驶证", "驾驶证 怎么办", "how to apply for 驾驶证"]
    {
        assert_eq!(names(&search(query)), wanted, "{query}");
    }
    assert!(search("办理").total > 0, "alone it is a word like any other");
}

#[test]
fn places_narrow_but_do_not_empty() {
    finds("办居住证 广州", &["居住证申领"]);
    finds("广州 律师事务所", &["律师事务所设立许可"]);
    assert_eq!(ROWS[search("广州 律师事务所").hits[0].doc as usize].3, "广州市司法局");
    finds("广州海关", &["广州海关法规查询"]);
}

#[test]
fn other_writings_of_the_same_characters() {
    finds("駕駛證", &["机动车驾驶证期满换证"]);
    finds("結婚登記", &["结婚登记预约"]);
    finds("ｓｈｅｂａｏ", &["社会保险参保证明"]);
}

#[test]
fn what_is_found_in_part_says_so() {
    let results = search("社保 xyzzy");
    assert!(results.partial);
    assert_eq!(results.missing, ["xyzzy"]);
    assert_eq!(names(&results)[0], "社会保险参保证明");
    let results = search("护照 取水");
    assert!(results.partial && results.missing.is_empty() && results.total == 4);
    let nothing = search("跑步机");
    assert!(nothing.hits.is_empty() && !nothing.partial && nothing.total == 0);
    assert_eq!(nothing.missing, ["跑步机"]);
}

#[test]
fn hits_show_what_matched_in_the_name() {
    assert_eq!(marked("参保证明 社会保险"), ["社会保险参保证明"]);
    assert_eq!(marked("gjj"), ["公积金"]);
    assert_eq!(marked("juzhuzheng"), ["居住证"]);
    assert_eq!(marked("驾照 增加"), ["驾驶证增加"]);
    assert_eq!(marked("A卡"), ["卡", "A卡"]);
    let results = search("licence renewal");
    let en = ROWS[results.hits[0].doc as usize].1;
    let marked: Vec<_> = results.hits[0].name_en_marks.iter().map(|mark| &en[mark.clone()]).collect();
    assert_eq!(marked, ["licence", "renewal"]);
    assert_eq!(results.hits[0].why, None);
}

#[test]
fn hits_say_why_when_the_name_does_not() {
    for (query, field, text, part) in [
        ("老人卡", Field::CommonName, "老人卡", "老人卡"),
        ("律师证", Field::CommonName, "律师证补办", "律师证"),
        ("残疾证", Field::Synonym, "残疾证", "残疾证"),
        ("开公司", Field::Synonym, "开公司", "开公司"),
        ("核发", Field::Parent, "机动车驾驶证核发", "核发"),
        ("户籍", Field::Theme, "户籍办理", "户籍"),
        ("水利厅", Field::Agency, "广东省水利厅", "水利厅"),
        (
            "合法稳定",
            Field::Conditions,
            "在居住地有合法稳定就业、合法稳定住所或者连续就读的公民。",
            "合法稳定",
        ),
    ] {
        let results = search(query);
        let why = results.hits[0].why.as_ref().unwrap_or_else(|| panic!("{query} says nothing"));
        assert_eq!((why.field, why.text.as_str()), (field, text), "{query}");
        assert_eq!(&why.text[why.marks[0].clone()], part, "{query}");
    }
}

#[test]
fn only_what_may_be_shown_is_found_and_counted() {
    let all = search("护照");
    let some = INDEX.search("护照", 10, &|doc| ROWS[doc as usize].5);
    assert_eq!((all.total, some.total), (2, 1));
    let one = INDEX.search("注册 登记 许可", 0, &|_| true);
    assert!(one.hits.is_empty());
    assert_eq!(INDEX.search("护照", 1, &|_| true).total, 2);
    assert_eq!(INDEX.search("护照", 1, &|_| true).hits.len(), 1);
}

#[test]
fn what_can_be_applied_for_here_comes_before_what_cannot() {
    assert_eq!(names(&search("护照")), ["办理及加注普通护照", "补发普通护照办证进度查询"]);
}

#[test]
fn suggestions_while_typing() {
    let suggest = |typed: &str| -> Vec<&str> {
        INDEX.suggest(typed, 5).into_iter().map(|doc| ROWS[doc as usize].0).collect()
    };
    assert_eq!(suggest("居住")[..2], ["居住证申领", "居住证办理进度查询"]);
    assert_eq!(suggest("juzh")[..1], ["居住证申领"]);
    assert_eq!(suggest("lssws"), ["律师事务所设立许可"]);
    assert_eq!(suggest("pass")[..1], ["办理及加注普通护照"]);
    assert_eq!(suggest("老人")[..1], ["老年人优待证申领"]);
    assert!(suggest("").is_empty() && suggest("，").is_empty());
    assert!(INDEX.suggest("居住", 0).is_empty());
}

#[test]
fn nothing_asked_finds_nothing() {
    for query in ["", "   ", "，。！？", "\u{0}\u{7}", "🙂"] {
        assert_eq!(search(query), Results::default(), "{query:?}");
    }
}

#[test]
fn hostile_queries_are_bounded() {
    for query in ["社".repeat(10_000), "shebau".repeat(2_000), "a b ".repeat(5_000), "zh'".repeat(3_000)] {
        let results = search(&query);
        assert!(results.missing.len() <= search::MAX_TERMS);
        assert!(results.corrected.is_none_or(|text| text.chars().count() <= 2 * search::MAX_QUERY_CHARS));
    }
    search("' OR 1=1; -- <script>alert(1)</script> %00 ../../etc");
}

#[test]
fn an_empty_index_finds_nothing() {
    let empty = Index::build(Vec::new(), &[]);
    assert!(empty.is_empty());
    assert_eq!(empty.search("社保", 10, &|_| true).total, 0);
    assert!(empty.suggest("社保", 10).is_empty());
}
