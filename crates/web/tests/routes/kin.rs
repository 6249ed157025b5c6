//! People who act for each other, as the tests of several addresses need them.

use crate::client::Client;
use crate::page::Page;
use crate::person::Citizen;

/// The fields of the form that asks for a tie, as `citizen`'s number and name stand in it.
pub(crate) fn asking<'a>(side: &'a str, citizen: &'a Citizen) -> Vec<(&'a str, &'a str)> {
    vec![
        ("side", side),
        ("bond", "sibling"),
        ("name", &citizen.name),
        ("number", &citizen.number),
        ("scope", "all"),
        ("until", "2027-09-01"),
    ]
}

/// Where the form that holds `part` goes, by its page.
pub(crate) fn action(page: &Page, part: &str) -> String {
    let found = page.html.split(" action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    found
        .map(str::to_owned)
        .find(|action| action.contains(part))
        .unwrap_or_else(|| panic!("{} has no form to {part}:\n{}", page.path, page.words()))
}

/// The id of the first tie one may act by.
pub(crate) fn tie(page: &Page) -> String {
    let (_, rest) = page.html.split_once("name=\"tie\" value=\"").expect("a tie to act by");
    rest.split('"').next().unwrap().to_owned()
}

/// `agent` asks to act for `principal`, who agrees: all services, or one item.
pub(crate) async fn bind(agent: &mut Client, (who, principal): (&Citizen, &mut Client), item: Option<&str>) {
    let mut fields = asking("agent", who);
    if let Some(item) = item {
        fields.retain(|(name, _)| *name != "scope");
        fields.extend([("scope", "items"), ("item", item)]);
    }
    agent.post("/me/relatives/ask", &fields).await.goes_to("/me/relatives?notice=asked");
    agree(principal, "/me/relatives").await;
}

/// Agrees to what waits on a page.
pub(crate) async fn agree(client: &mut Client, place: &str) {
    let page = client.get(place).await.is(200);
    let answer = action(&page, "/answer");
    client.post(&answer, &[("answer", "yes")]).await.goes_to(&format!("{place}?notice=tied"));
    // agreed to twice is agreed to once
    client.post(&answer, &[("answer", "yes")]).await.goes_to(&format!("{place}?notice=tied"));
}

/// Acts by the latest tie on a page.
pub(crate) async fn act_for(client: &mut Client, place: &str) {
    let page = client.get(place).await.is(200);
    let tie = tie(&page);
    client.post("/me/acting", &[("tie", &tie)]).await.goes_to("/me?notice=acting");
    client.csrf.clear();
}

/// Acts for oneself again.
pub(crate) async fn act_for_oneself(client: &mut Client) {
    client.post("/me/acting", &[]).await.goes_to("/me?notice=acting-stopped");
    client.csrf.clear();
}
