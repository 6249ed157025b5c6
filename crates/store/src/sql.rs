//! Where statements come from. Each is a named constant beside the function that runs it, and all of
//! them meet in [`all`], so that a test can prepare every one on both databases.

/// Declares statements and the list of them.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$meta])* pub(crate) const $name: $crate::engine::Sql = $crate::engine::Sql($text);)*
        /// Every statement of this file, by name.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, $crate::engine::Sql)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use statements;

/// Every fixed statement, by name.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, crate::engine::Sql)> {
    [
        crate::bindings::STATEMENTS,
        crate::permissions::STATEMENTS,
        crate::blobs::STATEMENTS,
        crate::cases::STATEMENTS,
        crate::certificates::STATEMENTS,
        crate::checkpoint::STATEMENTS,
        crate::commit::STATEMENTS,
        crate::dead::STATEMENTS,
        crate::definitions::STATEMENTS,
        crate::desk::STATEMENTS,
        crate::drafts::STATEMENTS,
        crate::invites::STATEMENTS,
        crate::issuer_keys::STATEMENTS,
        crate::lights::STATEMENTS,
        crate::messages::STATEMENTS,
        crate::migrate::STATEMENTS,
        crate::once::STATEMENTS,
        crate::outbox::STATEMENTS,
        crate::partners::STATEMENTS,
        crate::passkeys::STATEMENTS,
        crate::people::STATEMENTS,
        crate::privacy::STATEMENTS,
        crate::registrations::STATEMENTS,
        crate::reviews::STATEMENTS,
        crate::rewrite::STATEMENTS,
        crate::sessions::STATEMENTS,
        crate::stations::STATEMENTS,
        crate::supervision::STATEMENTS,
        crate::ties::STATEMENTS,
        crate::timers::STATEMENTS,
        crate::units::STATEMENTS,
        crate::verify::STATEMENTS,
        crate::wallet_asks::STATEMENTS,
        crate::wallet_offers::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(crate::desk_text::DESKS.iter().map(|(_, text)| (text.as_str(), crate::engine::Sql(text))))
}
