//! Pages: one file per place a person goes to, mirroring the URLs.

pub(crate) mod apply;
pub(crate) mod assets;
pub(crate) mod case;
pub(crate) mod check;
pub(crate) mod desk;
mod desk_actions;
pub(crate) mod desk_case;
pub(crate) mod desk_certificate;
pub(crate) mod desk_lists;
pub(crate) mod home;
pub(crate) mod issuer;
pub(crate) mod item;
pub(crate) mod level;
mod life;
pub(crate) mod lists;
pub(crate) mod materials;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod organisations;
pub(crate) mod passkeys;
pub(crate) mod plain;
pub(crate) mod relatives;
pub(crate) mod replies;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod shelves;
pub(crate) mod show;
pub(crate) mod signin;
mod ties;
pub(crate) mod verify;
pub(crate) mod wallet;
pub(crate) mod window;

pub(crate) use shelves::Shelves;
