//! Who vouches for citizens: several providers behind one interface, one of them perhaps a page of this site.

use std::sync::Arc;

use domain::Lang;
use identity::{Claims, Denied, MiniProgram, Provider, Returned, Visit, is_synthetic};

use crate::{App, Error};

impl App {
    /// Connects another provider.
    #[must_use]
    pub fn with_provider(mut self, provider: Arc<dyn Provider>) -> Self {
        self.providers.push(provider);
        self
    }

    /// Connects a WeChat mini-program.
    #[must_use]
    pub fn with_wechat(self, program: MiniProgram) -> Self {
        Self { wechat: Some(program), ..self }
    }

    /// A provider by its id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&dyn Provider> {
        self.providers.iter().find(|provider| provider.id() == id).map(AsRef::as_ref)
    }

    /// The providers elsewhere, to which people are sent, in the order in which they were connected.
    pub fn remote_providers(&self) -> impl Iterator<Item = &dyn Provider> {
        self.providers.iter().map(AsRef::as_ref).filter(|provider| provider.name().is_some())
    }

    /// The provider that is a page of this site.
    pub(crate) fn own_provider(&self) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.name().is_none())
    }

    /// What was typed on this site's own page, judged.
    pub(crate) async fn judged_here(&self, returned: &Returned) -> Result<Claims, Error> {
        let provider = self.own_provider().ok_or(Error::SignIn)?;
        let here = Visit {
            state: String::new(),
            nonce: String::new(),
            verifier: String::new(),
            callback: String::new(),
            needed: None,
            lang: Lang::Zh,
            now: self.now(),
        };
        Ok(provider.complete(returned, &here).await?)
    }

    /// What a provider elsewhere sent back, judged. A demonstration takes no number that could be a real person's,
    /// whoever vouches for it.
    pub(crate) async fn judged_there(
        &self,
        provider: &dyn Provider,
        returned: &Returned,
        visit: &Visit,
    ) -> Result<Claims, Error> {
        let claims = provider.complete(returned, visit).await?;
        if self.demo() && !is_synthetic(&claims.number) {
            return Err(Denied::NotSynthetic.into());
        }
        Ok(claims)
    }
}
