//! Writes every sample of every page as HTML, to be looked at: `cargo run -p web --example gallery -- DIR`.

use std::error::Error;
use std::path::{Path, PathBuf};

use domain::Lang;
use web::view::{
    Chrome, Page, SignedIn, Views, account, apply, assets, case, catalogue, desk, desk_case, home, identity,
    item, pages, partners, privacy, providers, ties,
};

struct Gallery {
    views: Views,
    dir: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(dir.join("static"))?;
    for asset in assets() {
        std::fs::write(dir.join("static").join(asset.name), &asset.bytes)?;
    }
    let gallery = Gallery { views: Views::new()?, dir };
    gallery.write::<home::HomePage>()?;
    gallery.write::<catalogue::SearchPage>()?;
    gallery.write::<catalogue::IndexPage>()?;
    gallery.write::<catalogue::ListPage>()?;
    gallery.write::<item::ItemPage>()?;
    gallery.write::<apply::ApplyPage>()?;
    gallery.write::<apply::MaterialsPage>()?;
    gallery.write::<apply::CheckPage>()?;
    gallery.write::<apply::ReceiptPage>()?;
    gallery.write::<account::MePage>()?;
    gallery.write::<case::CasePage>()?;
    gallery.write::<account::RatePage>()?;
    gallery.write::<account::MessagesPage>()?;
    gallery.write::<account::MessagePage>()?;
    gallery.write::<ties::RelativesPage>()?;
    gallery.write::<ties::AskPage>()?;
    gallery.write::<ties::OrganisationsPage>()?;
    gallery.write::<ties::StaffPage>()?;
    gallery.write::<web::view::stations::StationsPage>()?;
    gallery.write::<privacy::PrivacyPage>()?;
    gallery.write::<privacy::ReadsPage>()?;
    gallery.write::<privacy::ExportPage>()?;
    gallery.write::<privacy::DeletePage>()?;
    gallery.write::<privacy::UnmaskingsPage>()?;
    gallery.write::<pages::SigninPage>()?;
    gallery.write::<pages::OfficerSigninPage>()?;
    gallery.write::<identity::PostsPage>()?;
    gallery.write::<identity::SecondPage>()?;
    gallery.write::<identity::OfficersPage>()?;
    gallery.write::<identity::LevelPage>()?;
    gallery.write::<identity::ProfilePage>()?;
    gallery.write::<providers::WechatPage>()?;
    gallery.write::<pages::SignoutPage>()?;
    gallery.write::<partners::ConsentPage>()?;
    gallery.write::<partners::LeadPage>()?;
    gallery.write::<partners::BadRequestPage>()?;
    gallery.write::<partners::LeavePage>()?;
    gallery.write::<partners::AuthorisationsPage>()?;
    gallery.write::<desk::QueuePage>()?;
    gallery.write::<desk_case::DeskCasePage>()?;
    gallery.write::<desk::CardsPage>()?;
    gallery.write::<desk::DeadPage>()?;
    gallery.write::<web::view::review::ReviewPage>()?;
    gallery.write::<web::view::review::AgreementPage>()?;
    gallery.write::<pages::HelpPage>()?;
    gallery.write::<pages::AboutPage>()?;
    gallery.write::<pages::ErrorPage>()
}

impl Gallery {
    /// All samples of one page in both languages, normal and for elders.
    fn write<P: Page>(&self) -> Result<(), Box<dyn Error>> {
        let name = Path::new(P::TEMPLATE).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (number, page) in P::sample().iter().enumerate() {
            for lang in Lang::ALL {
                for elders in [false, true] {
                    let html = self.views.render(page, &chrome::<P>(lang, elders, number))?;
                    let version = if elders { "-elders" } else { "" };
                    let file = format!("{name}-{number}-{}{version}.html", lang.tag());
                    // Opened from the disk, so the addresses are relative.
                    std::fs::write(self.dir.join(file), html.replace("\"/static/", "\"static/"))?;
                }
            }
        }
        Ok(())
    }
}

fn chrome<P: Page>(lang: Lang, elders: bool, number: usize) -> Chrome {
    let signed_in = SignedIn { name: "示例·陈晓明".to_owned(), officer: P::DESK, unread: 2 };
    Chrome {
        lang,
        elders,
        demo: true,
        site_name: if lang == Lang::Zh { "省事" } else { "Shengshi" }.to_owned(),
        signed_in: (number == 0).then_some(signed_in),
        path: "/".to_owned(),
        csrf: "sample".to_owned(),
        once: "sample".to_owned(),
        noindex: true,
        acting: None,
        notice: (number == 3).then_some("saved"),
    }
}
