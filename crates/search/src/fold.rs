//! One spelling for one character, and texts cut into runs of one script.

use std::sync::LazyLock;

/// What a character is to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// A Chinese character.
    Han,
    /// A letter or digit of any other script.
    Latin,
    /// Anything else: it separates.
    Gap,
}

/// A stretch of a text in one script, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) script: Script,
    pub(crate) text: String,
    /// Whether something that separates stood before it.
    pub(crate) after_gap: bool,
    /// Position of its first character in the text it came from, counted in characters.
    pub(crate) start: usize,
}

/// Traditional characters common in the names of services and their simplified forms, pair by pair:
/// people from Hong Kong, Macao and Taiwan type them.
const TRADITIONAL: &str = "證证駕驾駛驶醫医療疗險险養养業业稅税護护結结戶户遷迁學学歷历職职務务無无電电車车機机動动產产資资質质辦办\
    請请領领換换補补變变續续註注冊册銷销設设營营執执貸贷償偿殘残優优臺台灣湾國国際际關关係系親亲屬属婦妇嬰婴\
    兒儿歲岁齡龄預预約约詢询導导遊游覽览書书報报訴诉訟讼調调師师會会計计審审評评價价檢检驗验測测試试環环氣气\
    體体衛卫藥药農农漁渔種种獸兽糧粮園园鄉乡鎮镇區区廣广東东門门開开發发雜杂類类級级號号碼码網网絡络頻频線线\
    許许認认確确給给與与為为傷伤遺遗囑嘱繼继權权義义勞劳勵励獎奖懲惩罰罚訂订貨货運运輸输進进島岛灘滩橋桥樓楼\
    層层廳厅記记離离異异傳传單单個个專专術术標标準准糾纠紛纷維维費费貿贸購购賣卖買买賬账錄录鐵铁銀银錢钱陸陆\
    隊队雙双難难願愿顧顾館馆歸归處处聯联聲声舊旧藝艺規规視视觀观託托訪访訓训詳详誌志誠诚課课誤误說说講讲議议\
    讓让豐丰貧贫負负財财責责販贩賠赔贈赠軍军軟软轉转辭辞達达遠远適适選选郵邮釋释鑒鉴鑑鉴閉闭閱阅隨随頁页順顺\
    項项題题額额顯显風风飛飞飲饮飯饭鮮鲜鳥鸟點点齊齐統统經经絕绝繳缴編编緩缓練练縣县總总織织團团圖图圍围場场\
    寫写寶宝對对將将屆届幣币幫帮庫库應应廠厂廢废張张強强彙汇從从復复徵征態态慶庆憑凭憲宪戰战戲戏掛挂採采損损\
    撫抚擇择擔担據据擬拟擴扩攝摄數数斷断時时條条來来構构樣样決决沒没況况淨净減减滿满潔洁濟济煙烟熱热燈灯爭争\
    獨独現现畢毕當当盜盗監监眾众礎础禮礼稱称積积穩稳競竞筆笔範范築筑簡简簽签紀纪納纳紙纸終终組组遲迟過过違违\
    麼么嗎吗";

/// Folds one character: full width to half, capitals to small, traditional to simplified.
pub(crate) fn fold(c: char) -> char {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        'ü' | 'Ü' => 'v',
        _ => c,
    };
    if half.is_ascii() {
        return half.to_ascii_lowercase();
    }
    if script(half) == Script::Han {
        return simplified(half);
    }
    half.to_lowercase().next().unwrap_or(half)
}

/// The pairs of [`TRADITIONAL`], sorted by the traditional form.
static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut chars = TRADITIONAL.chars();
    let mut pairs = Vec::new();
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        pairs.push((from, to));
    }
    pairs.sort_unstable();
    pairs
});

fn simplified(c: char) -> char {
    match PAIRS.binary_search_by_key(&c, |&(from, _)| from) {
        Ok(at) => PAIRS.get(at).map_or(c, |&(_, to)| to),
        Err(_) => c,
    }
}

/// What a folded character is.
pub(crate) fn script(c: char) -> Script {
    match c {
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇' => Script::Han,
        _ if c.is_alphanumeric() => Script::Latin,
        _ => Script::Gap,
    }
}

/// An apostrophe inside a word holds it together: `driver's`, `xi'an`.
fn holds_together(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Cuts a text into runs, folded, without what separates.
pub(crate) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut gap = true;
    for (at, c) in text.chars().map(fold).enumerate() {
        if holds_together(c) {
            continue;
        }
        let script = script(c);
        if script == Script::Gap {
            gap = true;
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.script == script && !gap => run.text.push(c),
            _ => runs.push(Run { script, text: c.to_string(), after_gap: gap, start: at }),
        }
        gap = false;
    }
    runs
}

/// A text folded, without anything that separates: what two writings of one name have in common.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(fold).filter(|&c| script(c) != Script::Gap).collect()
}

/// Whether folding leaves every letter of a text as it is.
pub(crate) fn is_folded(text: &str) -> bool {
    text.chars().all(|c| fold(c) == c || script(fold(c)) == Script::Gap)
}

/// A token without the English plural, so that `licences` finds `licence`.
pub(crate) fn stem(token: &str) -> &str {
    match token.strip_suffix('s') {
        Some(stem) if token.is_ascii() && stem.len() > 3 && !stem.ends_with('s') => stem,
        _ => token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        runs(text).into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn width_case_and_traditional_forms_are_one() {
        assert_eq!(plain("ＡＰＰ（駕駛證）"), "app驾驶证");
        assert_eq!(plain("Lüshi"), "lvshi");
    }

    #[test]
    fn the_table_of_traditional_forms_is_pairs() {
        assert_eq!(TRADITIONAL.chars().count(), 2 * PAIRS.len());
        assert!(PAIRS.windows(2).all(|two| two[0].0 < two[1].0), "a form stands twice");
        assert_eq!(simplified('廳'), '厅');
        assert_eq!(simplified('證'), '证');
    }

    #[test]
    fn runs_end_where_the_script_or_the_phrase_does() {
        assert_eq!(cut("人才优粤卡（A卡）"), ["人才优粤卡", "a", "卡"]);
        assert_eq!(cut("driver's  licence"), ["drivers", "licence"]);
        assert!(cut("，。（）\u{0}\t").is_empty());
    }

    #[test]
    fn plurals_lose_their_s_and_short_words_keep_it() {
        assert_eq!(stem("licences"), "licence");
        assert_eq!(stem("address"), "address");
        assert_eq!(stem("bus"), "bus");
    }
}
