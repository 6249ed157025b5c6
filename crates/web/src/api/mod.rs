//! What programs ask for, in JSON. No session and no cookie is looked at here.

pub(crate) mod stations;
