//! The URL tree.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};

use crate::api::stations;
use crate::guard::guard;
use crate::limits::{FORM_BYTES, UPLOAD_BYTES};
use crate::pages::stations as own_stations;
use crate::pages::{
    apply, assets, authorisations, case, check, desk, desk_case, desk_certificate, desk_lists, erase, export,
    home, issuer, item, level, line, line_lot, lists, lot_files, materials, me, messages, oauth,
    oauth_logout, oauth_token, organisations, passkeys, permissions, plain, posts, privacy, providers,
    relatives, replies, review, review_agreement, search, sessions, signin, unmask, vci, verify, wallet,
    wallet_ask, wallet_offer, wechat, window,
};
use crate::site::Site;

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/search", get(search::search))
        .route("/themes", get(lists::themes))
        .route("/themes/{id}", get(lists::theme))
        .route("/agencies", get(lists::agencies))
        .route("/agencies/{code}", get(lists::agency))
        .route("/areas", get(lists::areas))
        .route("/areas/{code}", get(lists::area))
        .route("/items/{code}", get(item::item))
        .route("/items/{code}/apply", get(item::apply))
        .route("/help", get(plain::help))
        .route("/about", get(plain::about))
        .route("/preferences", get(signin::preferences))
        .route("/signin", get(signin::show_signin).post(signin::signin))
        .route("/signin/officer", get(signin::show_officer).post(signin::officer_signin))
        .route("/signin/posts", get(posts::show).post(posts::take))
        .route("/signin/passkey", get(passkeys::show_second).post(passkeys::second))
        .route("/signin/passkey/challenge", post(passkeys::second_challenge))
        .route("/signin/with/{provider}", get(providers::leave))
        .route("/signin/callback/{provider}", get(providers::callback_of))
        .route("/signin/wechat", post(wechat::enter))
        .route("/signout", get(signin::show_signout).post(signin::signout))
        .route("/verify", get(verify::show_verify).post(verify::verify))
        .route("/verify/ask", get(wallet_ask::show_ask).post(wallet_ask::ask))
        .route("/verify/ask/{view}", get(wallet_ask::asked))
        .route("/status/{area}/{n}", get(issuer::status))
        .route("/.well-known/jwks.json", get(issuer::jwks))
        .route("/.well-known/jwt-vc-issuer", get(issuer::metadata))
        .route("/.well-known/openid-configuration", get(oauth::discovery))
        .route("/oauth/authorize", get(oauth::authorize).post(oauth::authorize_by_form))
        .route("/oauth/consent", post(oauth::consent))
        .route("/oauth/token", post(oauth_token::token))
        .route("/oauth/revoke", post(oauth_token::revoke))
        .route("/oauth/userinfo", get(oauth_token::userinfo).post(oauth_token::userinfo))
        .route("/oauth/logout", get(oauth_logout::show).post(oauth_logout::by_form))
        .route("/oauth/signout", post(oauth_logout::signout))
        .merge(wallets())
        .merge(things())
        .route("/readyz", get(plain::ready))
        .route("/static/{name}", get(assets::asset))
        .merge(citizens())
        .merge(officers())
        .fallback(plain::nothing)
        .method_not_allowed_fallback(method)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(from_fn_with_state(site.clone(), guard))
        .with_state(site)
}

/// What wallets elsewhere ask.
fn wallets() -> Router<Arc<Site>> {
    Router::new()
        .route("/.well-known/openid-credential-issuer", get(vci::metadata))
        .route("/.well-known/oauth-authorization-server", get(oauth::discovery))
        .route("/vci/offers/{code}", get(vci::offer))
        .route("/vci/nonce", post(vci::nonce))
        .route("/vci/credential", post(vci::credential))
        .route("/vct/{kind}", get(vci::kind))
        .route("/verify/asked/{request}", get(wallet_ask::request).post(wallet_ask::response))
        .route("/.well-known/did.json", get(wallet_ask::did))
}

/// What stations ask. Their bodies have bounds of their own, after it is known who asks.
fn things() -> Router<Arc<Site>> {
    let own = DefaultBodyLimit::disable;
    Router::new()
        .route("/api/v1/stations/self", get(stations::own))
        .route("/api/v1/stations/inspections", post(stations::inspections).layer(own()))
        .route("/api/v1/stations/inspections/{case}", get(stations::inspection))
        .route("/api/v1/stations/reviews", get(stations::reviews))
        .route("/api/v1/stations/lots", post(stations::lots).layer(own()))
        .route("/api/v1/stations/lots/{file}", get(stations::lot_file))
        .route("/api/v1/stations/pictures/{picture}", put(stations::picture).layer(own()))
}

fn citizens() -> Router<Arc<Site>> {
    let uploads = || DefaultBodyLimit::max(UPLOAD_BYTES);
    Router::new()
        .route("/apply/{draft}/materials", get(materials::show).post(materials::save).layer(uploads()))
        .route("/apply/{draft}/files/{file}", get(materials::file))
        .route("/apply/{draft}/check", get(check::show_check).post(check::submit))
        .route("/apply/{draft}/discard", post(apply::discard))
        .route("/apply/{draft}/{page}", get(apply::show).post(apply::save))
        .route("/me", get(me::me))
        .route("/me/cases/{id}", get(case::case))
        .route("/me/cases/{id}/receipt", get(case::receipt))
        .route("/me/cases/{id}/withdraw", get(case::back).post(case::withdraw))
        .route("/me/cases/{id}/correct", get(case::back).post(replies::correct).layer(uploads()))
        .route("/me/cases/{id}/supply", get(case::back).post(replies::supply).layer(uploads()))
        .route("/me/cases/{id}/confirm", get(case::back).post(replies::confirm).layer(uploads()))
        .route("/me/cases/{id}/decline", get(case::back).post(case::decline))
        .route("/me/cases/{id}/request-hearing", get(case::back).post(case::request_hearing))
        .route("/me/cases/{id}/waive-hearing", get(case::back).post(case::waive_hearing))
        .route("/me/cases/{id}/do", get(case::back).post(case::task))
        .route("/me/cases/{id}/rate", get(case::show_rate).post(case::rate))
        .route("/me/cases/{id}/files/{file}", get(case::file))
        .route("/me/profile", get(level::profile))
        .route("/me/level", get(level::show_level).post(level::raise))
        .route("/me/wechat", get(wechat::show).post(wechat::tie))
        .route("/me/wechat/untie", post(wechat::untie))
        .route("/me/sessions", get(sessions::show))
        .route("/me/sessions/end", post(sessions::end))
        .route("/me/sessions/end-others", post(sessions::end_others))
        .route("/me/passkeys", get(passkeys::show_all).post(passkeys::add))
        .route("/me/passkeys/challenge", post(passkeys::challenge))
        .route("/me/passkeys/remove", post(passkeys::remove))
        .route("/me/acting", get(relatives::back).post(relatives::act))
        .route("/me/relatives", get(relatives::show))
        .route("/me/relatives/ask", get(relatives::show_ask).post(relatives::ask))
        .route("/me/relatives/{id}/answer", get(relatives::back).post(relatives::answer))
        .route("/me/relatives/{id}/end", get(relatives::back).post(relatives::end))
        .route("/me/organisations", get(organisations::show).post(organisations::register))
        .route("/me/organisations/{id}", get(organisations::staff))
        .route("/me/organisations/{id}/appoint", get(organisations::back).post(organisations::appoint))
        .route(
            "/me/organisations/{id}/agents/{tie}/dismiss",
            get(organisations::back).post(organisations::dismiss),
        )
        .route("/me/organisations/{id}/stations", get(own_stations::show_all).post(own_stations::register))
        .route(
            "/me/organisations/{id}/stations/{station}/replace",
            get(organisations::back).post(own_stations::replace),
        )
        .route(
            "/me/organisations/{id}/stations/{station}/revoke",
            get(organisations::back).post(own_stations::revoke),
        )
        .route("/me/certificates", get(wallet::wallet))
        .route("/me/certificates/permissions", get(permissions::list))
        .route("/me/certificates/permissions/{id}/answer", get(permissions::back).post(permissions::answer))
        .route("/me/certificates/permissions/{id}/end", get(permissions::back).post(permissions::end))
        .route("/me/certificates/{id}", get(wallet::certificate))
        .route("/me/certificates/{id}/permit", get(permissions::show_ahead).post(permissions::permit))
        .route("/me/certificates/{id}/show", get(wallet::show))
        .route("/me/certificates/{id}/pdf", get(wallet::pdf))
        .route("/me/authorisations", get(authorisations::show))
        .route("/me/authorisations/withdraw", post(authorisations::withdraw))
        .route("/me/privacy", get(privacy::centre))
        .route("/me/privacy/reads", get(privacy::reads))
        .route("/me/privacy/consents/{id}/withdraw", get(privacy::back).post(privacy::withdraw))
        .route("/me/privacy/export", get(export::show_export).post(export::export))
        .route("/me/privacy/delete", get(erase::show_delete).post(erase::delete))
        .route("/me/privacy/stay", get(privacy::back).post(erase::stay))
        .route("/me/certificates/{id}/wallet", get(wallet_offer::show).post(wallet_offer::offer))
        .route("/me/messages", get(messages::messages))
        .route("/me/messages/{id}", get(messages::message))
}

fn officers() -> Router<Arc<Site>> {
    Router::new()
        .route("/desk", get(desk::queue))
        .route("/desk/claim", get(desk_lists::back).post(desk_lists::claim_many))
        .route("/desk/supervision", get(desk_lists::supervision))
        .route("/desk/dead-letters", get(desk_lists::dead_letters))
        .route("/desk/dead-letters/{id}/retry", post(desk_lists::retry))
        .route("/desk/dead-letters/{id}/give-up", post(desk_lists::give_up))
        .route("/desk/window", get(window::show).post(window::register))
        .route("/desk/officers", get(window::officers))
        .route("/desk/officers/{id}/reset", post(window::reset))
        .route("/desk/review", get(review::next))
        .route("/desk/review/undo", get(review::back).post(review::undo))
        .route("/desk/review/agreement", get(review_agreement::show))
        .route("/desk/review/units/{id}", get(review::unit))
        .route("/desk/review/units/{id}/verdict", get(review::back).post(review::verdict))
        .route("/desk/review/units/{id}/skip", get(review::back).post(review::skip))
        .route("/desk/sessions", get(sessions::show))
        .route("/desk/sessions/end", post(sessions::end))
        .route("/desk/sessions/end-others", post(sessions::end_others))
        .route("/desk/passkeys", get(passkeys::show_all).post(passkeys::add))
        .route("/desk/passkeys/challenge", post(passkeys::challenge))
        .route("/desk/passkeys/remove", post(passkeys::remove))
        .route("/desk/certificates/{area}/{id}", get(desk_certificate::show))
        .route(
            "/desk/certificates/{area}/{id}/{wish}",
            get(desk_certificate::back).post(desk_certificate::change),
        )
        .route("/desk/cases/{area}/{id}", get(desk_case::case))
        .route("/desk/cases/{area}/{id}/unmask", get(unmask::back).post(unmask::unmask))
        .route("/desk/unmaskings", get(unmask::unmaskings))
        .route("/desk/line", get(line::light))
        .route("/desk/line/lots", get(line::lots))
        .route("/desk/line/lot", get(line_lot::lot))
        .route("/desk/line/lot/{file}", get(lot_files::file))
        .route("/desk/cases/{area}/{id}/permissions", get(permissions::desk_back).post(permissions::ask))
        .route("/desk/cases/{area}/{id}/permissions/{permission}", get(permissions::look))
        .route("/desk/cases/{area}/{id}/{action}", get(desk_case::back).post(desk_case::act))
        .route("/desk/cases/{area}/{id}/files/{file}", get(desk_case::file))
        .route("/desk/cases/{area}/{id}/pictures/{picture}", get(desk_case::picture))
        .route("/desk/cases/{area}/{id}/proofs/{material}/pdf", get(desk_case::proof))
}

async fn method() -> axum::http::StatusCode {
    axum::http::StatusCode::METHOD_NOT_ALLOWED
}
