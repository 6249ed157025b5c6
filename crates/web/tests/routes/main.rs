//! The site as a contract: status, place, headers and key words of every address, through the router and
//! without a network. The modules mirror the URL tree; `flows` walks across it.

#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

mod apply;
mod authenticator;
mod away;
mod certificates;
mod client;
mod desk;
mod elsewhere;
mod errors;
mod everywhere;
mod flows;
mod forgery;
mod full_disk;
mod home;
mod house;
mod items;
mod joint;
mod keyed;
mod kin;
mod level;
mod life;
mod lists;
mod me_cases;
mod messages;
mod my_data;
mod officers;
mod organisations;
mod page;
mod partner;
mod partners;
mod partners_leave;
mod passkeys;
mod permissions;
mod person;
mod privacy;
mod proofs;
mod providers;
mod relatives;
mod rights;
mod seals;
mod search;
mod secrets;
mod secrets_forms;
mod sessions;
mod signin;
mod statics;
mod stations;
mod twice;
mod uploads;
mod vci;
mod vp;
mod wallet_elsewhere;
mod wechat;
mod window;
