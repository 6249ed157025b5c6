//! A handful of items through their whole life, as the walk does with all of them.

use std::collections::BTreeMap;

use crate::stage::{Place, Stage, on_both};

on_both! {
    one_item_of_each_procedure_and_every_worked_example;
}

async fn one_item_of_each_procedure_and_every_worked_example(place: Place) {
    let stage = Stage::new(&place).await;
    let catalogue = stage.app.catalogue.clone();
    let mut chosen = BTreeMap::new();
    for item in catalogue.items.iter().filter(|item| item.online()) {
        let procedure = catalogue.procedure_of(item).unwrap().procedure.clone();
        chosen.entry(procedure).or_insert(item);
        if item.worked_example {
            chosen.insert(item.code.clone(), item);
        }
    }
    assert!(chosen.len() >= 17, "{}", chosen.len());
    for (number, item) in chosen.values().enumerate() {
        let person = stage.app.walker(number).unwrap();
        let citizen = stage.app.walk_citizen(&person).await.unwrap();
        let wait = |until| stage.clock.advance_to(until);
        let walked = stage.app.walk_item(citizen, &person, &item.code, &wait).await;
        assert!(walked.as_ref().is_ok_and(|walked| walked.events >= 4), "{}: {walked:?}", item.code);
    }
    let verified = stage.app.verify(&|_, _| {}).await.unwrap();
    // a joint case has parts, and an item with several ends is walked to each
    assert!(verified.cases > chosen.len() as u64, "{}", verified.cases);
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
}
