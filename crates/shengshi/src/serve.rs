//! `serve`

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use clap::Args;
use domain::{Clock as _, Text};
use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::fetch::Client;
use crate::identity_file::Connected;
use crate::officers_file::Followed;
use crate::open;
use crate::patience::Patient;
use crate::say::say;
use crate::seals_file::Kept;
use crate::webhooks_file::Listening;

/// How to serve.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Address and port.
    #[arg(long, env = "SHENGSHI_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    place: Place,
    /// Folders of packs, in any order; the packs built in when left out.
    #[arg(long, env = "SHENGSHI_PACKS", value_delimiter = ',')]
    packs: Vec<PathBuf>,
    /// Let synthetic people and officers sign in. Never on a real site.
    #[arg(long)]
    demo: bool,
    /// The address people know the site by, as https://fuwu.example.gov.cn: it stands in certificates, and with
    /// https (a proxy in front) cookies become secure. Needed wherever --demo is not given.
    #[arg(long, env = "SHENGSHI_PUBLIC_URL", value_name = "URL", required_unless_present = "demo")]
    public_url: Option<web::Origin>,
    /// File that says who vouches for people: OpenID Connect providers, a WeChat mini-program.
    #[arg(long, env = "SHENGSHI_IDENTITY", value_name = "FILE")]
    identity: Option<PathBuf>,
    /// File that says who sits at which desk. Followed while the server runs: whoever is taken out of it is out within
    /// half a minute.
    #[arg(long, env = "SHENGSHI_OFFICERS", value_name = "FILE", conflicts_with = "demo")]
    officers: Option<PathBuf>,
    /// File that names the seals that agencies have from a recognised authority; without one, a seal of the site's own
    /// making says that it is an example.
    #[arg(long, env = "SHENGSHI_SEALS", value_name = "FILE")]
    seals: Option<PathBuf>,
    /// File that says where agencies' own systems are told of decided units and released lots.
    #[arg(long, env = "SHENGSHI_WEBHOOKS", value_name = "FILE")]
    webhooks: Option<PathBuf>,
    /// Most writes a minute of one person or one address; 0 for no limit.
    #[arg(long, env = "SHENGSHI_WRITES_PER_MINUTE", default_value_t = 120)]
    writes_per_minute: u32,
    /// For how many years closed cases are kept before somebody who asked for it is erased: ask the archive.
    #[arg(long, env = "SHENGSHI_RETENTION_YEARS", default_value_t = app::DEFAULT_RETENTION_YEARS)]
    retention_years: u16,
    /// Officers sign in with a passkey as well (true or false); left out, wherever --demo is not given.
    #[arg(long, env = "SHENGSHI_OFFICER_PASSKEYS")]
    officer_passkeys: Option<bool>,
}

impl Options {
    /// What runs without any argument; the environment still counts.
    pub(crate) fn demonstration() -> Self {
        use clap::Parser as _;
        let cli = crate::cli::Cli::parse_from(["shengshi", "serve", "--demo"]);
        match cli.command {
            Some(crate::cli::Command::Serve(options)) => options,
            _ => unreachable!("the line above says serve"),
        }
    }
}

pub(crate) async fn serve(options: Options) -> Result<ExitCode, String> {
    log();
    let connected = options.identity.as_deref().map(Connected::read).transpose()?.unwrap_or_default();
    let catalogue = open::catalogue(&options.packs)?;
    let officers = options.officers.as_deref().map(|file| Followed::read(file, &catalogue)).transpose()?;
    let seals = options.seals.as_deref().map(|file| Kept::read(file, &catalogue, SystemClock.now()));
    let seals = seals.transpose()?;
    let listening = options.webhooks.as_deref().map(|file| Listening::read(file, &catalogue)).transpose()?;
    let store = open::store(&options.place, open::Site::MayBeNew).await?;
    let app = open::app(catalogue, store.clone(), Arc::new(SystemClock), options.demo)?;
    let http: Arc<dyn app::Fetch> = Arc::new(Client::new()?);
    let app = connected.to(app.with_http(http.clone()), &http);
    let app = app.with_retention(options.retention_years);
    let app = if let Some(seals) = seals { seals.to(app) } else { app };
    let app = if let Some(listening) = listening { listening.to(app) } else { app };
    let passkeys = options.officer_passkeys.unwrap_or(!options.demo);
    let app = app.with_passkeys_for_officers(passkeys);
    let app = Arc::new(match &officers {
        Some(officers) => app.with_officers(officers.roster()),
        None => app,
    });
    remark(&options, passkeys);
    let config = web::Config {
        name: Text::both("省事", "Shengshi"),
        public: options.public_url,
        writes_per_minute: options.writes_per_minute,
    };
    let site = Arc::new(web::Site::new(app.clone(), config).map_err(|error| error.to_string())?);
    let listener =
        TcpListener::bind(options.listen).await.map_err(|error| format!("{}: {error}", options.listen))?;
    announce(&listener, options.demo);
    let worker = tokio::spawn(async move { app.work().await });
    let following = officers.map(|officers| tokio::spawn(officers.follow()));
    let service = web::router(site).into_make_service_with_connect_info::<SocketAddr>();
    // Only a tapped listener of our own tells the address of whoever connects.
    let listener = Patient::new(listener).tap_io(|_| {});
    let served = axum::serve(listener, service).with_graceful_shutdown(stop()).await;
    worker.abort();
    following.inspect(tokio::task::JoinHandle::abort);
    store.close().await;
    info!("stopped; everything acknowledged is on disk");
    served.map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string())
}

/// What an operator may have forgotten.
fn remark(options: &Options, passkeys: bool) {
    match &options.officers {
        None if !options.demo => warn!("nobody can sit down at a desk: give a list with --officers"),
        Some(_) if !passkeys => {
            warn!("officers need no passkey (--officer-passkeys false): their provider alone lets them in");
        }
        _ => {}
    }
}

fn announce(listener: &TcpListener, demo: bool) {
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    say!("shengshi: http://{address}");
    if demo {
        say!(
            "shengshi: DEMONSTRATION 演示 - anybody may sign in as a synthetic person or officer; nothing here is official"
        );
    }
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second initialisation in one process is a test's, and keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours())
        .try_init();
}

/// Colours on a terminal only, and not where somebody has said `NO_COLOR`: in a file their codes are noise that
/// searching trips over.
fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Ends with Ctrl-C or a polite kill.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
