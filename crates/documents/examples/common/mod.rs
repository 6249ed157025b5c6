//! What the examples share: an example agency with a key drawn afresh, and example documents. All people are invented.

use documents::{
    Certificate, Document, Fonts, KeyFailed, Letter, Part, Row, SealKey, Validity, Watermark, x509,
};
use domain::{Date, Lang, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

/// A key in memory.
pub(crate) struct Key {
    pair: EcdsaKeyPair,
    chance: SystemRandom,
}

impl Key {
    /// A key drawn by chance.
    pub(crate) fn draw() -> Self {
        let chance = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &chance).unwrap(), chance }
    }

    /// Its public half.
    pub(crate) fn public(&self) -> [u8; 65] {
        self.pair.public_key().as_ref().try_into().unwrap()
    }
}

impl SealKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let signature =
            self.pair.sign(&self.chance, message).map_err(|error| KeyFailed(error.to_string()))?;
        Ok(signature.as_ref().to_vec())
    }
}

/// An example root, an agency's key, and its chain.
pub(crate) struct Agency {
    pub(crate) key: Key,
    pub(crate) chain: Vec<Vec<u8>>,
}

impl Agency {
    /// A new root and a new agency. The certificates hold from 2026 to 2036.
    pub(crate) fn found(name: &str) -> Self {
        let (root_key, key) = (Key::draw(), Key::draw());
        let root = x509::root(&asked("示例根证书", &root_key.public()), &root_key).unwrap();
        let own = x509::seal(&asked(name, &key.public()), &root, &root_key).unwrap();
        Self { key, chain: vec![own, root] }
    }
}

fn asked<'a>(name: &'a str, public_key: &'a [u8; 65]) -> x509::Request<'a> {
    let mut serial = [0; 16];
    SystemRandom::new().fill(&mut serial).unwrap();
    let from = "2026-01-01T00:00:00Z".parse().unwrap();
    let until = "2036-01-01T00:00:00Z".parse().unwrap();
    x509::Request { name, public_key, serial, from, until }
}

/// The fonts, once.
pub(crate) fn fonts() -> Fonts {
    Fonts::built_in().unwrap()
}

/// When the examples are made.
pub(crate) fn made() -> Timestamp {
    "2026-11-23T08:30:00Z".parse().unwrap()
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

/// A residence permit in Chinese.
pub(crate) fn certificate() -> Certificate {
    Certificate {
        lang: Lang::Zh,
        title: "居住证".to_owned(),
        issuer: "示例市公安局".to_owned(),
        identifier: "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0".to_owned(),
        holder: "示例·陈晓明".to_owned(),
        rows: vec![
            Row::new("性别", "女"),
            Row::new("民族", "汉族"),
            Row::new("出生日期", "1994年8月12日"),
            Row::new("公民身份号码", "99000019940812002X"),
            Row::new("户籍地址", "示例省示例市示例区人民路一段 88 号 3 栋 2 单元 1701 室"),
            Row::new(
                "居住地址",
                "示例市高新区科技园南路 1 号“示例家园”二期（含地下车库及附属用房）12 栋 A 座 2305 室，与户主共同居住",
            ),
            Row::new("签发依据", "《居住证暂行条例》（国务院令第663号）第九条"),
        ],
        issued: day(2026, 11, 23),
        validity: Validity { from: day(2026, 11, 23), until: Some(day(2027, 11, 22)) },
        verify: Some("https://example.gov.invalid/verify/7f3kq9x2".to_owned()),
        watermark: Some(Watermark {
            issuer: "示例市公安局".to_owned(),
            purpose: "办理子女入学".to_owned(),
            until: Some(day(2026, 12, 31)),
        }),
        demo: true,
    }
}

/// A permit in English, with rows over three pages.
pub(crate) fn long_certificate() -> Certificate {
    let mut rows = vec![
        Row::new("Legal representative", "Example Chen Xiaoming 示例·陈晓明"),
        Row::new("Unified social credit code", "91990000MA00000000"),
    ];
    rows.extend((1..=60).map(|at| {
        Row::new(
            format!("Item {at}"),
            format!("Prepared food, counter {at}, no raw fish; checked on site in 2026."),
        )
    }));
    Certificate {
        lang: Lang::En,
        title: "Food Business Licence".to_owned(),
        issuer: "Example District Administration for Market Regulation".to_owned(),
        identifier: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U".to_owned(),
        holder: "Example Fenghuang Tea House Co., Ltd.".to_owned(),
        rows,
        issued: day(2026, 11, 23),
        validity: Validity { from: day(2026, 11, 23), until: None },
        verify: Some("https://example.gov.invalid/verify/8c1".to_owned()),
        watermark: None,
        demo: true,
    }
}

/// A refusal in Chinese.
pub(crate) fn letter() -> Letter {
    Letter {
        lang: Lang::Zh,
        issuer: "示例市市场监督管理局".to_owned(),
        title: "不予行政许可决定书".to_owned(),
        reference: Some("990000-20261123-0000042".to_owned()),
        addressee: "示例·陈晓明".to_owned(),
        body: vec![
            Part::Paragraph("您于2026年11月2日提出的食品经营许可申请，我局于同日受理。经审查，经营场所与有毒、有害场所的距离不符合要求，现决定不予许可。".to_owned()),
            Part::Heading("申请情况".to_owned()),
            Part::Rows(vec![
                Row::new("申请事项", "食品经营许可（新办）"),
                Row::new("经营场所", "示例区人民路 88 号一层"),
            ]),
            Part::Heading("依据和理由".to_owned()),
            Part::Paragraph("依据《中华人民共和国行政许可法》第三十八条第二款，行政机关依法作出不予行政许可的书面决定的，应当说明理由，并告知申请人享有依法申请行政复议或者提起行政诉讼的权利。".to_owned()),
            Part::Paragraph("现场核查见到：经营场所 20 米内有开放式垃圾收集点。消除后可以重新申请，已交的材料不必再交。".to_owned()),
            Part::Heading("您的权利".to_owned()),
            Part::Paragraph("不服本决定的，可以自收到本决定书之日起六十日内向示例市人民政府申请行政复议，也可以在六个月内向示例市人民法院提起行政诉讼。".to_owned()),
        ],
        dated: day(2026, 11, 23),
        verify: Some("https://example.gov.invalid/case/990000-20261123-0000042".to_owned()),
        watermark: None,
        demo: true,
    }
}

/// A receipt in English.
pub(crate) fn receipt_of_application() -> Letter {
    Letter {
        lang: Lang::En,
        issuer: "Example District Administration for Market Regulation".to_owned(),
        title: "Receipt of your application".to_owned(),
        reference: Some("990000-20261123-0000043".to_owned()),
        addressee: "Example Fenghuang Tea House Co., Ltd.".to_owned(),
        body: vec![
            Part::Paragraph(
                "We received your application and everything that it needs. The time limit begins today."
                    .to_owned(),
            ),
            Part::Rows(vec![
                Row::new("Application", "Food Business Licence (new)"),
                Row::new("Received", "23 November 2026, 16:30"),
                Row::new("Decided by", "21 December 2026 (20 working days)"),
                Row::new("Name with a rare character", "示例·\u{2A6A5}\u{31350}"),
            ]),
            Part::Paragraph(
                "You can follow your case with the number above. You need not come to the counter."
                    .to_owned(),
            ),
        ],
        dated: day(2026, 11, 23),
        verify: None,
        watermark: None,
        demo: true,
    }
}

/// A document with a name for its file, and words that must come out of it again.
pub(crate) type Sample = (&'static str, Document, Vec<&'static str>);

/// All of them.
pub(crate) fn all() -> Vec<Sample> {
    let zh = vec![
        "居住证",
        "示例市公安局",
        "持证人",
        "示例·陈晓明",
        "11330105002500287C.2025052201.002.0",
        "2027年11月22日",
        "仅限用于办理子女入学",
    ];
    let en =
        vec!["Food Business Licence", "示例·陈晓明", "counter 60, no raw fish", "without end", "Page 3 of"];
    let refusal =
        vec!["不予行政许可决定书", "《中华人民共和国行政许可法》第三十八条第二款", "提起行政诉讼", "第 1 页"];
    // The last one is a character that the font lacks: it is shown as a box, and copied as what it is.
    let receipt = vec!["Receipt of your application", "21 December 2026 (20 working days)", "\u{2A6A5}"];
    vec![
        ("certificate-zh", Document::Certificate(certificate()), zh),
        ("certificate-en", Document::Certificate(long_certificate()), en),
        ("letter-zh", Document::Letter(letter()), refusal),
        ("letter-en", Document::Letter(receipt_of_application()), receipt),
    ]
}
