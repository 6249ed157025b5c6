//! `/me/relatives`, `/me/acting`: who may act for whom, and what that shows them.

use identity::{Post, demo_children, demo_people};

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::kin::{act_for, act_for_oneself, action, agree, asking, bind, tie};
use crate::person::{CARD, Citizen, SHOP, act, at_desk, begin, citizen, hand_in, officer, submit};

const NOWHERE: &str = "01990000-0000-7000-8000-000000000001";

fn demo(name: &str) -> Citizen {
    let person = demo_people().into_iter().find(|person| person.name == name).unwrap();
    Citizen { name: name.to_owned(), number: person.number.reveal().to_owned() }
}

#[test]
fn one_asks_the_other_agrees_and_the_record_names_both() {
    run(async {
        let house = house().await;
        let (mother, mut hers) = citizen(house).await;
        let (son, mut his) = citizen(house).await;
        bind(&mut his, (&mother, &mut hers), None).await;
        his.get("/me/messages").await.is(200).says(&format!("{} 同意了代办", mother.name));
        hers.get("/me/messages").await.is(200).says(&format!("{} 请你确认代办", son.name));
        act_for(&mut his, "/me/relatives").await;
        let banner = format!("办事人：{}，为 {} 办理", son.name, mother.name);
        for path in ["/me", "/", "/items/ex-elder-card", "/me/messages"] {
            his.get(path).await.is(200).says(&banner);
        }
        // another session of his acts for nobody
        son.sign_in(house).await.get("/me").await.is(200).never_says("办事人：");
        // the application is hers: her name and number stand in it, and it is in her list
        let id = submit(&mother, &mut his, SHOP).await;
        let case = format!("/me/cases/{id}");
        his.get(&case).await.is(200).says(&banner).says(&format!("{} 代办", son.name));
        hers.get(&case).await.is(200).says(&format!("{} 代办", son.name));
        let list = hers.get("/me/messages").await.is(200);
        let message = hers.get(&list.link("/me/messages/")).await.is(200);
        message.says("440000-").says(&format!("这一步是 {} 替你办的", son.name));
        hers.get("/me/relatives").await.is(200).says(&zh("ties-done")).says(&format!("{} 代办", son.name));
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        let at = at_desk(SHOP, &id);
        desk.get(&at).await.is(200).says(&zh("applied-by")).says(&son.name).says(&mother.name);
        // for himself again, it is none of his
        act_for_oneself(&mut his).await;
        let gone = his.get(&case).await.is(404);
        assert_eq!(gone.words(), his.get(&format!("/me/cases/{NOWHERE}")).await.is(404).words());
        // he corrects, withdraws and rates for her as well, each with his name
        act(&mut desk, &at, "ask-correction", &[("material", "m2"), ("words", "请重新拍")]).await;
        act_for(&mut his, "/me/relatives").await;
        let sent = his.upload(&format!("{case}/correct"), &[("note", "改好了")], &[]).await;
        sent.goes_to(&format!("{case}?notice=corrected"));
        his.post(&format!("{case}/withdraw"), &[("words", "不办了")]).await.is(303);
        let record = hers.get(&case).await.is(200).says("改好了").says("不办了");
        assert_eq!(record.words().matches(&format!("{} 代办", son.name)).count(), 3);
    });
}

#[test]
fn asking_tells_nobody_who_is_registered() {
    run(async {
        let house = house().await;
        let (known, mut theirs) = citizen(house).await;
        let unknown = Citizen::new();
        let renamed = Citizen { name: "示例·乙".to_owned(), number: known.number.clone() };
        let mut pages = Vec::new();
        for whom in [&known, &unknown, &renamed] {
            let (_, mut asker) = citizen(house).await;
            let page = asker.post("/me/relatives/ask", &asking("agent", whom)).await;
            page.goes_to("/me/relatives?notice=asked");
            let words = asker.get("/me/relatives").await.is(200).words();
            pages.push(words.replace(&whom.name, "NAME"));
        }
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0], pages[2]);
        // who has the number but another name is not asked
        let page = theirs.get("/me/relatives").await.is(200);
        assert_eq!(page.html.matches("/answer\"").count(), 1);
        // the unknown one is asked once they come
        let mut late = unknown.sign_in(house).await;
        assert!(
            late.get("/me").await.is(200).says("想替你办事").links().contains(&"/me/relatives".to_owned())
        );
        agree(&mut late, "/me/relatives").await;
    });
}

#[test]
fn nobody_is_asked_over_and_over_nor_told_that_one_said_no() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (whom, mut theirs) = citizen(&house).await;
        let (_, mut asker) = citizen(&house).await;
        for n in 0..3 {
            asker.post("/me/relatives/ask", &asking("agent", &whom)).await.is(303);
            // asked twice is asked once
            asker.post("/me/relatives/ask", &asking("agent", &whom)).await.is(303);
            let page = theirs.get("/me/relatives").await.is(200);
            assert_eq!(page.html.matches("/answer\"").count(), 1, "time {n}");
            let before = asker.get("/me/relatives").await.words();
            theirs.post(&action(&page, "/answer"), &[("answer", "no")]).await.is(303);
            theirs.post(&action(&page, "/answer"), &[("answer", "yes")]).await.is(404);
            let after = asker.get("/me/relatives").await.is(200);
            assert_eq!(before, after.words(), "a no is not told");
            asker.post(&action(&after, "/end"), &[]).await.goes_to("/me/relatives?notice=tie-ended");
        }
        let page = asker.post("/me/relatives/ask", &asking("agent", &whom)).await.is(422);
        page.says(&zh("tie-too-many"));
        // nor are many asked
        for n in 0..7 {
            asker.post("/me/relatives/ask", &asking("agent", &Citizen::new())).await.is(303);
            assert!(n < 7);
        }
        asker.post("/me/relatives/ask", &asking("agent", &Citizen::new())).await.is(422);
        // an ask lapses
        let (_, mut other) = citizen(&house).await;
        other.post("/me/relatives/ask", &asking("agent", &whom)).await.is(303);
        let page = theirs.get("/me/relatives").await.is(200);
        let answer = action(&page, "/answer");
        house.clock.advance(14 * 86_400);
        let mut theirs = whom.sign_in(&house).await;
        theirs.post(&answer, &[("answer", "yes")]).await.is(404);
        theirs.get("/me/relatives").await.is(200).never_says("/answer");
    });
}

#[test]
fn what_is_wrong_is_told_beside_the_field() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let other = Citizen::new();
        let real = "11010519491231002X";
        let wrong: [(&[(&str, &str)], &str); 9] = [
            (&[("name", "")], "tie-name-missing"),
            (&[("number", "123")], "signin-number-shape"),
            (&[("number", real)], "tie-not-synthetic"),
            (&[("number", &who.number)], "tie-yourself"),
            (&[("until", "2026-09-07")], "tie-until-error"),
            (&[("until", "2036-09-07")], "tie-until-error"),
            (&[("until", "soon")], "tie-until-error"),
            (&[("scope", "themes")], "tie-scope-error"),
            (&[("scope", "items"), ("item", "no-such-item")], "tie-scope-error"),
        ];
        for (changed, key) in wrong {
            let mut fields = asking("agent", &other);
            fields.retain(|(name, _)| changed.iter().all(|(new, _)| new != name));
            fields.extend(changed);
            client.post("/me/relatives/ask", &fields).await.is(422).says(&zh(key));
        }
        client.set_cookie("lang", "en");
        let page = client.post("/me/relatives/ask", &[("number", "1")]).await.is(422);
        page.says(&crate::house::en("tie-name-missing")).holds("<html lang=\"en\"");
    });
}

#[test]
fn an_agent_sees_what_the_tie_covers_and_nothing_else() {
    run(async {
        let house = house().await;
        let (owner, mut hers) = citizen(house).await;
        let (_, mut his) = citizen(house).await;
        let shop = submit(&owner, &mut hers, SHOP).await;
        let card = submit(&owner, &mut hers, CARD).await;
        let draft = begin(&mut hers, CARD).await;
        bind(&mut his, (&owner, &mut hers), Some(SHOP)).await;
        act_for(&mut his, "/me/relatives").await;
        his.get(&format!("/me/cases/{shop}")).await.is(200);
        let list = his.get("/me").await.is(200);
        assert!(list.links().contains(&format!("/me/cases/{shop}")), "{:?}", list.links());
        for hidden in [&card, &draft] {
            assert!(!list.links().iter().any(|link| link.contains(hidden.as_str())), "{hidden} is listed");
        }
        let id = draft.strip_prefix("/apply/").unwrap();
        for pattern in ["/me/cases/{}", "/me/cases/{}/receipt", "/me/cases/{}/rate", "/apply/{}/check"] {
            let real = if pattern.starts_with("/me") { &card } else { id };
            let theirs = his.get(&pattern.replace("{}", real)).await.is(404);
            let nobodys = his.get(&pattern.replace("{}", NOWHERE)).await.is(404);
            assert_eq!(theirs.words(), nobodys.words(), "{pattern}");
        }
        for form in ["/me/cases/{}/withdraw", "/me/cases/{}/rate", "/apply/{}/discard", "/apply/{}/check"] {
            let real = if form.starts_with("/me") { &card } else { id };
            let theirs = his.post(&form.replace("{}", real), &[("level", "1")]).await.is(404);
            let nobodys = his.post(&form.replace("{}", NOWHERE), &[("level", "1")]).await.is(404);
            assert_eq!(theirs.words(), nobodys.words(), "{form}");
        }
        his.get(&format!("/items/{CARD}/apply")).await.is(409).says(&zh("refusal-not-covered"));
        his.get(&format!("/items/{SHOP}/apply")).await.is(303);
        // her messages are hers
        let hers_latest = hers.get("/me/messages").await.link("/me/messages/");
        his.get(&hers_latest).await.is(404);
    });
}

#[test]
fn what_was_made_for_somebody_else_does_nothing_for_oneself() {
    run(async {
        let house = house().await;
        let (owner, mut hers) = citizen(house).await;
        let (_, mut his) = citizen(house).await;
        bind(&mut his, (&owner, &mut hers), None).await;
        let own = his.token().await;
        act_for(&mut his, "/me/relatives").await;
        let draft = begin(&mut his, CARD).await;
        // another window of his, made before the switch
        his.post_bare(&format!("{draft}/discard"), &[("csrf", &own)]).await.is(403);
        let acting = his.token().await;
        assert_ne!(own, acting);
        act_for_oneself(&mut his).await;
        his.post_bare("/me/relatives/ask", &[("csrf", &acting)]).await.is(403);
        // but one gets out whatever window one stands in
        his.post_bare("/signout", &[("csrf", &acting)]).await.is(303);
    });
}

#[test]
fn a_tie_ends_at_once_from_either_side() {
    run(async {
        let house = house().await;
        for ender in ["agent", "principal"] {
            let (owner, mut hers) = citizen(house).await;
            let (_, mut his) = citizen(house).await;
            bind(&mut his, (&owner, &mut hers), None).await;
            act_for(&mut his, "/me/relatives").await;
            let case = format!("/me/cases/{}", submit(&owner, &mut his, CARD).await);
            let draft = begin(&mut his, SHOP).await;
            let side = if ender == "agent" { &mut his } else { &mut hers };
            let page = side.get("/me/relatives").await.is(200);
            let end = action(&page, "/end");
            side.post(&end, &[]).await.goes_to("/me/relatives?notice=tie-ended");
            side.csrf.clear();
            // ended twice is ended once
            side.post(&end, &[]).await.is(303);
            his.csrf.clear();
            his.get(&case).await.is(404);
            his.get(&format!("{draft}/check")).await.is(404);
            his.post(&format!("{draft}/check"), &[]).await.is(404);
            his.get("/me").await.is(200).never_says("办事人：");
            let told = if ender == "agent" { &mut hers } else { &mut his };
            told.get("/me/messages").await.is(200).says("取消了代办");
            hers.get(&case).await.is(200);
        }
    });
}

#[test]
fn a_tie_is_its_two_sides_and_nobody_elses() {
    run(async {
        let house = house().await;
        let (owner, mut hers) = citizen(house).await;
        let (_, mut his) = citizen(house).await;
        bind(&mut his, (&owner, &mut hers), None).await;
        let page = his.get("/me/relatives").await;
        let (id, end) = (tie(&page), action(&page, "/end"));
        let (_, mut stranger) = citizen(house).await;
        // the principal is not her own agent
        for client in [&mut stranger, &mut hers] {
            for tie in [id.as_str(), NOWHERE] {
                client.post("/me/acting", &[("tie", tie)]).await.is(404);
            }
        }
        let theirs = stranger.post(&end, &[]).await.is(404).words();
        let nobodys = stranger.post(&format!("/me/relatives/{NOWHERE}/end"), &[]).await.is(404).words();
        assert_eq!(theirs, nobodys);
        let answer = format!("/me/relatives/{id}/answer");
        stranger.post(&answer, &[("answer", "yes")]).await.is(404);
        // nor does the one who asks answer for the other
        let other = Citizen::new();
        his.post("/me/relatives/ask", &asking("principal", &other)).await.is(303);
        let asked = action(&his.get("/me/relatives").await, "/end").replace("/end", "/answer");
        his.post(&asked, &[("answer", "yes")]).await.is(404);
        act_for(&mut his, "/me/relatives").await;
    });
}

#[test]
fn a_parent_acts_for_a_child_until_it_comes_of_age() {
    run(async {
        let house = House::open(Setup::default()).await;
        let child = demo_children().into_iter().find(|child| child.name == "示例·黄子安").unwrap();
        let child = Citizen { name: child.name.to_owned(), number: child.number.reveal().to_owned() };
        let father = demo("示例·黄国强");
        let mut his = father.sign_in(&house).await;
        his.get("/me/relatives/ask").await.is(200).says(&child.name);
        his.post("/me/relatives/ask", &asking("agent", &child)).await.is(303);
        // sent twice it is there once
        his.post("/me/relatives/ask", &asking("agent", &child)).await.is(303);
        let page = his.get("/me/relatives").await.is(200);
        assert_eq!(page.html.matches("name=\"tie\"").count(), 1);
        act_for(&mut his, "/me/relatives").await;
        begin(&mut his, CARD).await;
        // a stranger is told what to do at the window, whether the child or only its name is wrong
        let (_, mut stranger) = citizen(&house).await;
        let renamed = Citizen { name: "示例·别人".to_owned(), number: child.number.clone() };
        for whom in [&child, &renamed] {
            let page = stranger.post("/me/relatives/ask", &asking("agent", whom)).await.is(422);
            page.says(&zh("tie-not-in-register"));
        }
        // a child acts for nobody, and ends nothing
        let mut own = child.sign_in(&house).await;
        own.post("/me/relatives/ask", &asking("agent", &Citizen::new()))
            .await
            .is(422)
            .says(&zh("tie-underage"));
        stranger.post("/me/relatives/ask", &asking("principal", &child)).await.is(422);
        own.get("/me/relatives").await.is(200).says(&father.name).never_says("/end\"");
        let end = action(&his.get("/me/relatives").await, "/end");
        own.post(&end, &[]).await.is(403);
        // the eve of the eighteenth birthday, and the day itself
        let calendar = &house.app.catalogue.calendar;
        for (day, stands) in [(9, true), (10, false)] {
            house.clock.advance_to(calendar.at(domain::Date::constant(2027, 9, day), 12));
            let mut his = father.sign_in(&house).await;
            let page = his.get("/me/relatives").await.is(200);
            assert_eq!(page.html.contains("name=\"tie\""), stands, "{day}");
        }
    });
}

#[test]
fn nobody_acts_for_the_dead_nor_after_the_last_day() {
    run(async {
        let house = House::open(Setup::default()).await;
        let elder = Citizen { name: "示例·孙长生".to_owned(), number: "990000193501010131".to_owned() };
        let elder = Citizen { number: right(&elder.number), ..elder };
        let mut theirs = elder.sign_in(&house).await;
        let (who, mut agent) = citizen(&house).await;
        bind(&mut agent, (&elder, &mut theirs), None).await;
        act_for(&mut agent, "/me/relatives").await;
        let case = format!("/me/cases/{}", submit(&elder, &mut agent, CARD).await);
        agent.get(&case).await.is(200);
        let calendar = &house.app.catalogue.calendar;
        house.clock.advance_to(calendar.at(domain::Date::constant(2026, 9, 15), 1));
        let mut agent = who.sign_in(&house).await;
        let id = tie(&agent.get("/me/relatives").await);
        agent.post("/me/acting", &[("tie", &id)]).await.is(404);
        // and the last day of a tie is its last
        let (owner, mut hers) = citizen(&house).await;
        bind(&mut agent, (&owner, &mut hers), None).await;
        for (day, stands) in [(1, true), (2, false)] {
            house.clock.advance_to(calendar.at(domain::Date::constant(2027, 9, day), 23));
            let mut agent = who.sign_in(&house).await;
            let page = agent.get("/me/relatives").await.is(200);
            assert_eq!(page.words().contains(&zh("tie-state-stands")), stands || day == 1, "{day}");
            let id = if stands { tie(&page) } else { continue };
            agent.post("/me/acting", &[("tie", &id)]).await.is(303);
        }
    });
}

/// The number with its check digit.
fn right(number: &str) -> String {
    let body = &number[..17];
    format!("{body}{}", domain::CitizenNumber::check_character(body).unwrap())
}

#[test]
fn an_erased_person_is_acted_for_by_nobody() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (owner, mut hers) = citizen(&house).await;
        let (_, mut his) = citizen(&house).await;
        bind(&mut his, (&owner, &mut hers), None).await;
        act_for(&mut his, "/me/relatives").await;
        let case = format!("/me/cases/{}", submit(&owner, &mut his, CARD).await);
        let session = hers.cookie("session").unwrap().to_owned();
        let person = uuid::Uuid::parse_str(session.split_once('.').unwrap().0).unwrap();
        house.app.store.destroy_person(person, 1).await.unwrap();
        his.get(&case).await.is(404);
        his.get("/me").await.is(200).never_says("办事人：");
        his.get("/me/relatives").await.is(200).says(&zh("tie-state-ended"));
    });
}

/// 公务员法 art. 76: whoever is at the desk of a case is nobody's agent in it, and the other way round.
#[test]
fn an_officer_is_no_agent_in_what_they_handle() {
    run(async {
        let house = House::open(Setup::default()).await;
        let servant = demo("示例·何公仆");
        let (owner, mut hers) = citizen(&house).await;
        let before = submit(&owner, &mut hers, SHOP).await;
        let (other, mut theirs) = citizen(&house).await;
        let handled = submit(&other, &mut theirs, SHOP).await;
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        act(&mut clerk, &at_desk(SHOP, &handled), "claim", &[]).await;
        clerk.get(&at_desk(SHOP, &before)).await.is(200);
        let mut own = servant.sign_in(&house).await;
        bind(&mut own, (&owner, &mut hers), None).await;
        // from the tie on, her cases are not at the clerk's desk
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        let hidden = clerk.get(&at_desk(SHOP, &before)).await.is(404).words();
        assert_eq!(hidden, clerk.get(&at_desk(SHOP, NOWHERE)).await.is(404).words());
        assert!(!clerk.get("/desk").await.is(200).links().iter().any(|link| link.contains(&before)));
        // what was done for her stays with others when the tie has ended
        act_for(&mut own, "/me/relatives").await;
        let during = submit(&owner, &mut own, SHOP).await;
        let end = action(&hers.get("/me/relatives").await, "/end");
        hers.post(&end, &[]).await.is(303);
        clerk.get(&at_desk(SHOP, &during)).await.is(404);
        clerk.get(&at_desk(SHOP, &before)).await.is(200);
        // and what the clerk handled is not the agent's afterwards
        own.csrf.clear();
        bind(&mut own, (&other, &mut theirs), None).await;
        act_for(&mut own, "/me/relatives").await;
        own.get(&format!("/me/cases/{handled}")).await.is(404);
        own.post(&format!("/me/cases/{handled}/withdraw"), &[]).await.is(404);
        theirs.get(&format!("/me/cases/{handled}")).await.is(200);
    });
}

#[test]
fn the_pages_are_there_in_both_languages_and_sizes() {
    run(async {
        let house = house().await;
        let (owner, mut hers) = citizen(house).await;
        let (_, mut his) = citizen(house).await;
        his.post("/me/relatives/ask", &asking("agent", &owner)).await.is(303);
        let ask = format!("/me/relatives/ask?item={SHOP}");
        for (lang, view) in [("zh", "standard"), ("en", "elders")] {
            for client in [&mut his, &mut hers] {
                client.set_cookie("lang", lang);
                client.set_cookie("view", view);
                for path in ["/me/relatives", "/me/relatives/ask", &ask, "/me/organisations"] {
                    client.get(path).await.is(200).holds("noindex");
                }
                for path in ["/me/acting", &format!("/me/relatives/{NOWHERE}/end")] {
                    client.get(path).await.goes_to("/me/relatives");
                }
            }
        }
        let mut stranger = Client::new(house);
        for form in ["/me/acting", "/me/relatives/ask", "/me/organisations"] {
            stranger.post_bare(form, &[]).await.is(303);
            his.post_bare(form, &[("csrf", "wrong")]).await.is(403);
        }
        let draft = begin(&mut his, SHOP).await;
        let filled = crate::person::fill(&Citizen::new(), &mut his, SHOP).await;
        assert_eq!(draft, filled);
        hand_in(&mut his, &filled).await;
    });
}
