//! The floor of every page: the product's HTTP stack with nothing behind it.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::Options;

/// What the floor answers.
pub(crate) const HELLO: &str = "hello";

/// Serves [`HELLO`] at `/` until killed, on as many threads as the product would.
pub(crate) fn serve(options: &Options) -> Result<(), String> {
    let address = options.text("listen")?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|e| format!("{address}: {e}"))?;
        let router = Router::new().route("/", get(async || HELLO));
        axum::serve(listener, router).await.map_err(|e| e.to_string())
    })
}
