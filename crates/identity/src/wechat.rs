//! WeChat mini-programs: from the code of `wx.login` to the account's id (小程序登录, auth.code2Session).
//!
//! An `openid` says that it is the same WeChat account as before, and nothing of who that is: it opens only what
//! somebody who had proved their name has tied to it. The `session_key` of the answer is not even read.

use serde::Deserialize;

use crate::oidc::form;

/// Where Tencent answers.
pub const API: &str = "https://api.weixin.qq.com";
/// Longest answer read, in bytes.
const MAX_ANSWER: usize = 8 * 1024;
/// Longest code and id taken, in bytes.
const MAX_WORD: usize = 256;

/// A mini-program as whoever runs the site describes it.
#[derive(Clone, PartialEq, Eq)]
pub struct MiniProgram {
    /// AppID.
    pub app_id: String,
    /// AppSecret.
    pub secret: String,
    /// Scheme and host of the service.
    pub api: String,
}

impl std::fmt::Debug for MiniProgram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MiniProgram({} at {}, …)", self.app_id, self.api)
    }
}

/// Why WeChat's answer opens nothing. Text `wechat-<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WechatFault {
    /// 40029 or 40163: the code is wrong, too old or was used.
    #[error("WeChat does not take the code")]
    Code,
    /// 45011: more than WeChat answers in a minute for one person.
    #[error("too often")]
    TooOften,
    /// 40226: WeChat holds the account for a risk.
    #[error("WeChat holds the account for a risk")]
    Risk,
    /// -1: busy.
    #[error("WeChat is busy")]
    Busy,
    /// Not reached, or an answer that cannot be read.
    #[error("WeChat is not reached")]
    Away,
    /// Anything else, such as a wrong AppID or AppSecret: this site is set up wrongly.
    #[error("WeChat refuses this site (error {0})")]
    Setup(i64),
    /// The ticket was used, is too old, or never was.
    #[error("the ticket was used or is too old")]
    Ticket,
    /// The WeChat account is tied to somebody else.
    #[error("this WeChat account is tied to somebody else")]
    Taken,
}

impl WechatFault {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::TooOften => "too-often",
            Self::Risk => "risk",
            Self::Busy => "busy",
            Self::Away => "away",
            Self::Setup(_) => "setup",
            Self::Ticket => "ticket",
            Self::Taken => "taken",
        }
    }
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    errcode: i64,
    openid: Option<String>,
}

impl MiniProgram {
    /// The address that a code is sent to. It holds the secret, as Tencent wants it: it belongs in no log.
    ///
    /// # Errors
    /// [`WechatFault::Code`] for what is no code.
    pub fn address(&self, code: &str) -> Result<String, WechatFault> {
        if code.is_empty() || code.len() > MAX_WORD {
            return Err(WechatFault::Code);
        }
        let pairs = [
            ("appid", self.app_id.as_str()),
            ("secret", &self.secret),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        Ok(format!("{}/sns/jscode2session?{}", self.api, form(&pairs)))
    }

    /// The account's id in this mini-program.
    ///
    /// # Errors
    /// [`WechatFault`] by the number of the error.
    pub fn openid(status: u16, body: &[u8]) -> Result<String, WechatFault> {
        if status != 200 || body.len() > MAX_ANSWER {
            return Err(WechatFault::Away);
        }
        let said: Said = serde_json::from_slice(body).map_err(|_| WechatFault::Away)?;
        match said.errcode {
            0 => {}
            40_029 | 40_163 => return Err(WechatFault::Code),
            45_011 => return Err(WechatFault::TooOften),
            40_226 => return Err(WechatFault::Risk),
            -1 => return Err(WechatFault::Busy),
            other => return Err(WechatFault::Setup(other)),
        }
        said.openid.filter(|id| !id.is_empty() && id.len() <= MAX_WORD).ok_or(WechatFault::Away)
    }
}

#[cfg(test)]
mod tests {
    use super::{API, MiniProgram, WechatFault};

    fn program() -> MiniProgram {
        MiniProgram { app_id: "wxexample".to_owned(), secret: "a&b".to_owned(), api: API.to_owned() }
    }

    #[test]
    fn the_address_is_as_documented_and_the_secret_is_in_no_log() {
        let address = program().address("c0/de").unwrap();
        assert_eq!(
            address,
            "https://api.weixin.qq.com/sns/jscode2session?appid=wxexample&secret=a%26b&js_code=c0%2Fde&\
             grant_type=authorization_code"
        );
        assert!(!format!("{:?}", program()).contains("a&b"));
        assert_eq!(program().address(""), Err(WechatFault::Code));
        assert_eq!(program().address(&"x".repeat(257)), Err(WechatFault::Code));
    }

    #[test]
    fn each_answer_has_its_own_reason() {
        let openid = |body: &str| MiniProgram::openid(200, body.as_bytes());
        let good = r#"{"session_key":"secret","openid":"oExample","unionid":"u"}"#;
        assert_eq!(openid(good).unwrap(), "oExample");
        for (code, fault) in [
            (40_029, WechatFault::Code),
            (40_163, WechatFault::Code),
            (45_011, WechatFault::TooOften),
            (40_226, WechatFault::Risk),
            (-1, WechatFault::Busy),
            (40_013, WechatFault::Setup(40_013)),
        ] {
            // An error with an id beside it is still an error.
            let body = format!(r#"{{"errcode":{code},"errmsg":"x","openid":"oExample"}}"#);
            assert_eq!(openid(&body), Err(fault));
        }
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"openid":""}"#,
            r#"{"openid":7}"#,
            r#"{"openid":"a","openid":"b"}"#,
        ] {
            assert_eq!(openid(body), Err(WechatFault::Away), "{body}");
        }
        assert_eq!(MiniProgram::openid(502, good.as_bytes()), Err(WechatFault::Away));
        assert_eq!(MiniProgram::openid(200, &vec![b' '; 9_000]), Err(WechatFault::Away));
    }
}
