//! A partner's application that others wrote: `interop/openid-client.mjs` with openid-client, certified by the OpenID
//! Foundation, against a fresh server.

use std::process::{Command, Stdio};

use crate::cargo::{self, check};
use crate::paths;
use crate::scratch::Scratch;
use crate::server::{Server, Setting, unlimited};
use crate::service::free_port;

/// What the line before a secret begins with.
const SECRET: &str = "client_secret: ";

/// The talk; the packages are installed already.
pub(crate) fn talk() -> Result<(), String> {
    cargo::run(&["build", "-p", "shengshi"], &[])?;
    let scratch = Scratch::new("oidc")?;
    let data = scratch.path().join("data");
    let setting = Setting { profile: "debug", data: data.clone(), database: None, more: unlimited() };
    let server = Server::start(setting)?;
    let port = free_port()?;
    let file = scratch.path().join("library.json");
    std::fs::write(&file, application(port)).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut add = Command::new(paths::built("debug", "shengshi")?);
    add.args(["partners", "add", "--data"]).arg(&data).arg(&file);
    let added = add.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let added = added.map_err(|e| format!("shengshi partners add: {e}"))?;
    let told = String::from_utf8_lossy(&added.stdout).into_owned();
    let secret = told.lines().find_map(|line| line.strip_prefix(SECRET));
    let secret = secret.ok_or("shengshi partners add showed no secret")?;
    let mut talk = Command::new("node");
    talk.arg("openid-client.mjs").current_dir(paths::root().join("interop")).stdin(Stdio::null());
    talk.env("ORIGIN", format!("http://{}", server.address)).env("PORT", port.to_string());
    talk.env("CLIENT_ID", "library").env("CLIENT_SECRET", secret);
    let done = check(&mut talk, "node openid-client.mjs (in interop)");
    done.map_err(|error| server.trouble(&format!("served the application, and {error}")))
}

/// What is registered of the application that listens on this port.
fn application(port: u16) -> String {
    let here = format!("http://127.0.0.1:{port}");
    format!(
        r#"{{"id": "library",
            "name": {{"zh": "示例·图书馆", "en": "Example Library"}},
            "run_by": {{"zh": "示例·某市图书馆", "en": "Example City Library"}},
            "redirect_uris": ["{here}/cb"],
            "post_logout_redirect_uris": ["{here}/cb"],
            "backchannel_logout_uri": "{here}/told",
            "scopes": {{"profile": "印在借书证上", "real_name": "确认本人", "id_number": "核对辖区",
                "id_number_masked": "核对本人", "offline_access": "到期提醒"}}}}"#
    )
}
