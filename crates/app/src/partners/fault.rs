//! What goes wrong, in the words of OAuth 2.0.

/// An error as a partner's application is told it (RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1,
/// OpenID Connect Core section 3.1.2.6). The words hold nothing personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {why}")]
pub struct OauthError {
    /// The registered code.
    pub code: &'static str,
    /// What is wrong, in English, for developers.
    pub why: &'static str,
}

macro_rules! faults {
    ($($name:ident = $code:literal;)*) => {
        impl OauthError {$(
            #[doc = concat!("`", $code, "`")]
            #[must_use]
            pub const fn $name(why: &'static str) -> Self {
                Self { code: $code, why }
            }
        )*}
    };
}

faults! {
    invalid_request = "invalid_request";
    invalid_client = "invalid_client";
    invalid_grant = "invalid_grant";
    invalid_scope = "invalid_scope";
    invalid_token = "invalid_token";
    insufficient_scope = "insufficient_scope";
    unsupported_grant_type = "unsupported_grant_type";
    unsupported_response_type = "unsupported_response_type";
    unauthorized_client = "unauthorized_client";
    access_denied = "access_denied";
    login_required = "login_required";
    consent_required = "consent_required";
    interaction_required = "interaction_required";
    request_not_supported = "request_not_supported";
    request_uri_not_supported = "request_uri_not_supported";
    registration_not_supported = "registration_not_supported";
}
