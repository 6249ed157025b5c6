//! A broken procedure names file, line, rule and the shortest path that shows the fault.

mod given;

use given::{PERMIT, Pack, broken, check, complains, whole};
use packs::Loaded;

const FILE: &str = "procedures/permit.yaml";

fn at(line: u8, rule: &str) -> String {
    format!("error base/procedures/permit.yaml:{line} {rule}")
}

/// What is said, but for procedures that nothing uses: most tests here add one and look at nothing else.
fn problems(loaded: &Loaded) -> String {
    let found = given::problems(loaded);
    found.lines().filter(|line| !line.contains(" unused-procedure: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_procedure_is_used() {
    let plain = PERMIT.replace("procedure: permit", "procedure: plain");
    let unused =
        "warning base/procedures/plain.yaml:1 unused-procedure: no item and no branch goes through plain;";
    let mut pack = with("procedures/plain.yaml", &plain);
    complains(&pack, unused);
    pack.insert("items/one.yaml", format!("{}procedure: plain\n", pack["items/one.yaml"]));
    assert_eq!(given::problems(&check(&pack)), "", "an item uses it");
    let branch = joint("", "");
    assert!(!given::problems(&check(&branch)).contains("opinion"), "a branch uses it");
    let mut library = with("procedures/plain.yaml", &plain);
    library.retain(|path, _| !path.starts_with("items") && *path != "home.yaml");
    assert_eq!(given::problems(&check(&library)), "", "it is there for other packs");
}

/// The small pack with one more procedure.
fn with(name: &'static str, yaml: &str) -> Pack {
    let mut pack = whole();
    pack.insert(name, yaml.to_owned());
    pack
}

/// A procedure of tasks and ends in `procedures/g.yaml`, its steps from line 5 on.
fn generic(steps: &str) -> Pack {
    with(
        "procedures/g.yaml",
        &format!("procedure: g\ntitle: 通用\nlaw: {{act: 例}}\nsteps:\n{steps}remedies: 复议\n"),
    )
}

#[track_caller]
fn complaint(pack: &Pack, expected: &str) {
    complains(pack, expected);
    let found = problems(&check(pack));
    let others: Vec<&str> =
        found.lines().filter(|line| line.starts_with("error") && !line.starts_with(expected)).collect();
    assert!(others.is_empty(), "beside {expected} it says {others:#?}");
}

#[test]
fn steps_of_the_law() {
    let intake = "  - {kind: intake, desk: intake, within: 5 workdays, otherwise: deemed-accepted}\n";
    broken(FILE, intake, "", &at(1, "procedure-lacks-step: there is no intake"));
    let decide = "  - {kind: decide, desk: decide, within: item limit}\n";
    broken(FILE, decide, "", &at(1, "procedure-lacks-step: there is no decide"));
    broken(FILE, "kind: issue", "kind: intake", &at(8, "procedure-order"));
    let review = "kind: review, desk: review, officers: 2";
    broken(FILE, review, "kind: issue", &at(8, "procedure-order: there is more than one issue step"));
    broken(FILE, review, "kind: issue", &at(7, "procedure-order: decide stands after issue"));
    broken(FILE, "procedure: permit", "procedure: Permit", &at(1, "bad-id"));
    broken(FILE, "kind: deliver", "kind: deliver, bell: yes", &at(9, "unknown-key"));
    complains(&with("procedures/again.yaml", PERMIT), &at(1, "duplicate-procedure"));
    let steps = &PERMIT[PERMIT.find("steps").unwrap()..PERMIT.find("remedies").unwrap()];
    broken(FILE, steps, "steps: []\n", "error base/items.csv:2 procedure-without-steps");
    let many = format!("steps:\n{}", "  - {kind: review, desk: review}\n".repeat(201));
    broken(FILE, "steps:\n", &many, &at(1, "too-many-entries"));
}

#[test]
fn parts_of_a_step() {
    broken(FILE, "desk: decide, ", "", &at(7, "step-without-desk"));
    broken(FILE, "desk: review", "desk: 审查", &at(6, "bad-role"));
    broken(
        FILE,
        "remedies",
        "extend: {desk: The Head, up_to: 5 workdays}\nremedies",
        &at(1, "bad-role: extend"),
    );
    broken(FILE, "officers: 2", "officers: 0", &at(6, "step-officers"));
    broken(FILE, "within: 5 workdays", "within: 5 moons", &at(5, "document"));
    broken(FILE, "within: 5 workdays", "within: item limit", &at(5, "step-limit"));
    broken(FILE, "within: 5 workdays", "within: 0 workdays", &at(5, "bad-number"));
    broken(FILE, "within: 10 workdays", "within: 2000 workdays", &at(8, "bad-number"));
    broken(FILE, "{kind: issue,", "{kind: issue, otherwise: deemed-accepted,", &at(8, "step-otherwise"));
    broken(FILE, "{kind: issue,", "{kind: issue, rules: true,", &at(8, "step-part"));
    broken(FILE, "{kind: issue,", "{kind: issue, each_decides: true,", &at(8, "step-part"));
    broken(FILE, "{kind: issue,", "{kind: issue, end: granted,", &at(8, "step-part"));
    let outcome = "outcomes: [{action: go, title: 走, to: deliver}],";
    broken(FILE, "{kind: issue,", &format!("{{kind: issue, {outcome}"), &at(8, "step-part"));
    broken(FILE, "{kind: review,", "{id: Zwei, kind: review,", &at(6, "bad-id"));
    broken(FILE, "{kind: review,", "{id: issue, kind: review,", &at(8, "duplicate-step"));
    broken(FILE, "{kind: review,", "{was: [issue], kind: review,", &at(6, "step-was"));
    let renamed = PERMIT
        .replace("{kind: review,", "{was: [check-papers], kind: review,")
        .replace("{kind: decide,", "{was: [check-papers], kind: decide,");
    complaint(
        &with(FILE, &renamed),
        &at(7, "step-was: decide says that it was check-papers, but another step"),
    );
}

#[test]
fn a_timer_and_an_end_say_what_they_are() {
    let wait = |parts: &str| {
        PERMIT.replace("  - {kind: decide", &format!("  - {{kind: wait{parts}}}\n  - {{kind: decide"))
    };
    assert_eq!(problems(&check(&with(FILE, &wait(", within: 7 workdays")))), "");
    complaint(&with(FILE, &wait("")), &at(7, "wait-without-limit"));
    complaint(&with(FILE, &wait(", within: item limit")), &at(7, "wait-without-limit"));
    complaint(&with(FILE, &wait(", within: 7 workdays, desk: review")), &at(7, "step-with-desk"));
    let task = "  - {id: a, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: z}]}\n";
    let end = |parts: &str| generic(&format!("{task}  - {{id: z, kind: end{parts}}}\n"));
    assert_eq!(problems(&check(&end(", end: refused"))), "");
    complaint(&end(""), "error base/procedures/g.yaml:6 step-part");
    complaint(&end(", end: refused, within: 1 workday"), "error base/procedures/g.yaml:6 step-part");
    complaint(&end(", end: refused, when: 'true'"), "error base/procedures/g.yaml:6 step-part");
}

#[test]
fn a_task_is_left_by_somebody_for_some_step() {
    let task = |parts: &str| {
        generic(&format!("  - {{id: a, kind: task, {parts}}}\n  - {{id: z, kind: end, end: granted}}\n"))
    };
    let error = |rule: &str| format!("error base/procedures/g.yaml:5 {rule}");
    complains(&task("desk: clerk"), &error("task-without-outcomes"));
    complains(
        &task("outcomes: [{action: go, title: 走, to: z}]"),
        &error("step-without-desk: step 1 (a): nobody may choose go"),
    );
    complains(
        &task("outcomes: [{action: go, title: 走, to: z}]"),
        &error("task-without-outcomes: nobody can leave a: a → ?"),
    );
    complains(&task("desk: clerk, outcomes: [{action: go, title: 走, to: y}]"), &error("unknown-step"));
    complains(&task("desk: clerk, outcomes: [{action: go, title: '', to: z}]"), &error("empty-name"));
    complains(&task("desk: clerk, outcomes: [{action: Go, title: 走, to: z}]"), &error("bad-id"));
    complains(
        &task("desk: clerk, outcomes: [{action: go, title: 走, to: z}, {action: go, title: 走, to: a}]"),
        &error("bad-id"),
    );
    complains(
        &task("desk: clerk, outcomes: [{action: go, title: 走, to: z, desks: [A]}]"),
        &error("bad-role"),
    );
}

#[test]
fn nothing_hangs() {
    let pack = generic(
        "  - {id: in, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: a}, {action: stop, title: 停, to: z}]}
  - {id: a, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: b}]}
  - {id: b, kind: task, desk: clerk, outcomes: [{action: back, title: 回, to: a}, {action: wait, title: 等, to: c}]}
  - {id: c, kind: wait, within: 1 workday}
  - {id: d, kind: task, desk: clerk, outcomes: [{action: back, title: 回, to: b}]}
  - {id: z, kind: end, end: granted}
",
    );
    complaint(
        &pack,
        "error base/procedures/g.yaml:6 procedure-hangs: no end can be reached from a: in → a, and from there only a → b → a; let",
    );
    let alone = generic(
        "  - {id: in, kind: task, desk: clerk, outcomes: [{action: again, title: 再来, to: in}]}
  - {id: z, kind: end, end: granted}
",
    );
    complaint(
        &alone,
        "error base/procedures/g.yaml:5 procedure-hangs: no end can be reached from in: in, and from there only in → in; let",
    );
    let found = problems(&check(&alone));
    assert!(found.contains("warning base/procedures/g.yaml:6 step-unreachable"), "{found}");
}

#[test]
fn everything_ends() {
    broken(
        FILE,
        "  - {kind: deliver}\n",
        "",
        &at(
            8,
            "procedure-never-ends: after issue nothing follows and the case stays open: intake → review → decide → issue → ?",
        ),
    );
    let over = generic(
        "  - {id: a, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: b}, {action: end, title: 完, to: z}]}
  - {id: z, kind: end, end: granted}
  - {id: b, kind: wait, within: 1 workday}
",
    );
    complaint(
        &over,
        "error base/procedures/g.yaml:7 procedure-never-ends: after b nothing follows and the case stays open: a → b → ?",
    );
}

#[test]
fn no_way_leads_past_the_law() {
    let sneaking = PERMIT.replace(
        "  - {kind: decide",
        "  - {id: b, kind: task, desk: review, outcomes: [{action: on, title: 走, to: decide}, {action: grant, title: 给, to: issue}]}\n  - {kind: decide",
    );
    complaint(
        &with(FILE, &sneaking),
        &at(
            1,
            "procedure-skips-step: a case can be granted without decide: intake → review → b → issue → deliver → granted;",
        ),
    );
    let ended = sneaking
        .replace("to: issue}", "to: z}")
        .replace("{kind: deliver}\n", "{kind: deliver}\n  - {id: z, kind: end, end: granted}\n");
    complaint(
        &with(FILE, &ended),
        &at(
            1,
            "procedure-skips-step: a case can be granted without decide: intake → review → b → z → granted;",
        ),
    );
    let granted = "  - {id: y, kind: end, end: granted}\n  - {id: z, kind: end,";
    let refused = ended.replace("  - {id: z, kind: end, end: granted", &format!("{granted} end: refused"));
    assert_eq!(problems(&check(&with(FILE, &refused))), "");
    broken(
        FILE,
        "{kind: decide,",
        "{kind: decide, when: 'true',",
        &at(
            1,
            "procedure-skips-step: a case can be granted without decide: intake → review → decide (passed over) → issue → deliver → granted;",
        ),
    );
    broken(
        FILE,
        "{kind: intake,",
        "{kind: intake, when: 'true',",
        &at(
            1,
            "procedure-skips-step: a case can be granted without intake: intake (passed over) → review → decide → issue → deliver → granted;",
        ),
    );
}

/// 免申即享: what is offered is confirmed, not applied for; but a permit is applied for.
#[test]
fn a_confirmation_stands_in_for_the_intake_except_for_a_permit() {
    let offer = PERMIT.replace(
        "{kind: intake, desk: intake, within: 5 workdays, otherwise: deemed-accepted}",
        "{kind: confirm}",
    );
    let as_other = with("procedures/offer.yaml", &offer.replace("procedure: permit", "procedure: offer"));
    assert_eq!(problems(&check(&as_other)), "");
    complaint(
        &with(FILE, &offer),
        &at(
            1,
            "procedure-skips-step: a permit can be granted without intake: confirm → review → decide → issue → deliver → granted;",
        ),
    );
    let desk = offer.replace("{kind: confirm}", "{kind: confirm, desk: intake}");
    complains(&with(FILE, &desk), &at(5, "step-with-desk"));
}

#[test]
fn what_the_law_asks_of_a_permit() {
    broken(FILE, "within: 5 workdays", "within: 6 workdays", &at(5, "permit-intake"));
    broken(FILE, ", otherwise: deemed-accepted", "", &at(5, "permit-intake"));
    broken(FILE, "within: 10 workdays", "within: 15 natural days", &at(8, "permit-issue"));
    broken(FILE, "{kind: issue, within: 10 workdays}", "{kind: issue}", &at(8, "permit-issue"));
    let extend = |up_to: &str| format!("extend: {{desk: head, up_to: {up_to}}}\nremedies");
    assert_eq!(problems(&check(&with(FILE, &PERMIT.replace("remedies", &extend("10 workdays"))))), "");
    broken(FILE, "remedies", &extend("11 workdays"), &at(1, "permit-extension"));
    let generic = "steps:
  - {id: a, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: z}]}
  - {id: z, kind: end, end: granted}
";
    let steps = &PERMIT[PERMIT.find("steps").unwrap()..PERMIT.find("remedies").unwrap()];
    broken(FILE, steps, generic, &at(1, "permit-generic: the permit i1 goes through permit"));
}

/// The permit of several bodies at once; `parts` is the one branch.
fn joint(parts: &str, more: &str) -> Pack {
    let step = format!(
        "  - {{kind: together{more}, branches: [{{branch: fire, title: 消防, agency: 11440000553612461J, procedure: opinion{parts}}}]}}\n  - {{kind: decide"
    );
    let mut pack = generic(
        "  - {id: a, kind: task, desk: clerk, outcomes: [{action: go, title: 走, to: z}]}
  - {id: z, kind: end, end: granted}
",
    );
    let opinion = pack["procedures/g.yaml"].replace("procedure: g", "procedure: opinion");
    pack.remove("procedures/g.yaml");
    pack.insert("procedures/opinion.yaml", opinion);
    pack.insert(FILE, PERMIT.replace("  - {kind: decide", &step));
    pack.insert("procedures/plain.yaml", PERMIT.replace("procedure: permit", "procedure: plain"));
    // The published permit without a form of its own goes another way, so that fields are the other one's.
    pack.insert("items.csv", pack["items.csv"].replace("province,permit,0,20", "province,benefit,0,20"));
    pack.insert("procedures/benefit.yaml", PERMIT.replace("procedure: permit", "procedure: benefit"));
    pack
}

#[test]
fn branches_name_what_is_there() {
    assert_eq!(problems(&check(&joint("", ""))), "");
    assert_eq!(
        problems(&check(&joint(", fields: [kind, name], materials: [], statutory: 45 workdays", ""))),
        ""
    );
    let broken = |parts: &str, more: &str, rule: &str| complaint(&joint(parts, more), &at(7, rule));
    broken(", area: \"450000\"", "", "unknown-area");
    broken(", fields: [colour]", "", "unknown-field");
    broken(", materials: [m9]", "", "unknown-material");
    broken(", statutory: 46 workdays", "", "permit-joint");
    broken("", ", within: 50 workdays", "permit-joint");
    broken(", statutory: 5 workdays, promised: 6 workdays", "", "promised-over-statutory");
    let swapped = |from: &str, to: &str| {
        let mut pack = joint("", "");
        pack.insert(FILE, pack[FILE].replace(from, to));
        pack
    };
    complaint(&swapped("agency: 11440000553612461J", "agency: nobody"), &at(7, "unknown-agency"));
    complaint(&swapped("procedure: opinion", "procedure: hearsay"), &at(7, "unknown-procedure"));
    complaint(&swapped("branch: fire", "branch: Fire"), &at(7, "bad-id"));
    complaint(&swapped("title: 消防", "title: ''"), &at(7, "empty-name"));
    let many = "{branch: b, title: 支, agency: 11440000553612461J, procedure: opinion}, ".repeat(16);
    complaint(&swapped("branches: [", &format!("branches: [{many}")), &at(7, "too-many-branches"));
    complaint(
        &swapped("remedies", "extend: {desk: head, up_to: 16 workdays}\nremedies"),
        &at(1, "permit-extension"),
    );
    assert_eq!(
        problems(&check(&swapped("remedies", "extend: {desk: head, up_to: 15 workdays}\nremedies"))),
        ""
    );
    let mut empty = joint("", "");
    let text = empty[FILE].clone();
    let from = text.find(", branches").unwrap();
    let to = text.find("}]}").unwrap() + 2;
    empty.insert(FILE, format!("{}{}", &text[..from], &text[to..]));
    complaint(&empty, &at(7, "step-part: step 3 (together): a joint step has branches"));
}

/// A branch that stands on a line of its own is named by that line, not by the step's.
#[test]
fn a_fault_of_a_branch_points_at_the_branch() {
    let second = |more: &str| {
        let mut pack = joint("", "");
        let one = "{branch: fire, title: 消防, agency: 11440000553612461J, procedure: opinion";
        let lines = format!("\n      - {one}}}\n      - {}{more}}}\n", one.replace("fire", "sign"));
        let text =
            pack[FILE].replace("  - {kind: together, branches: [", "  - kind: together\n    branches:");
        pack.insert(FILE, text.replace(&format!("{one}}}]}}\n"), &lines));
        pack
    };
    assert_eq!(problems(&check(&second(""))), "");
    let broken = |more: &str, rule: &str| complaint(&second(more), &at(10, rule));
    broken(", area: \"450000\"", "unknown-area");
    broken(", fields: [colour]", "unknown-field");
    broken(", when: 'form.colour = \"a\"'", "unknown-field");
    broken(", when: 'colour'", "condition");
    broken(", statutory: 46 workdays", "permit-joint");
    broken(", statutory: 5 workdays, promised: 6 workdays", "promised-over-statutory");
    let swapped = |from: &str, to: &str| {
        let mut pack = second("");
        let (head, tail) = pack[FILE].rsplit_once(from).unwrap();
        let text = format!("{head}{to}{tail}");
        pack.insert(FILE, text);
        pack
    };
    complaint(&swapped("branch: sign", "branch: fire"), &at(10, "bad-id"));
    complaint(&swapped("agency: 11440000553612461J", "agency: nobody"), &at(10, "unknown-agency"));
    complaint(&swapped("procedure: opinion", "procedure: hearsay"), &at(10, "unknown-procedure"));
    complaint(&swapped("title: 消防", "title: ''"), &at(10, "empty-name"));
}

/// 一件事: without a decision of its own the branches decide, by the law where it is a permit.
#[test]
fn a_joint_matter_may_leave_the_decision_to_its_branches() {
    let undecided = |procedure: &str| {
        let mut pack = joint("", "");
        let decide = "  - {kind: decide, desk: decide, within: item limit}\n";
        let text = pack[FILE].replace(decide, "").replace("procedure: opinion", procedure);
        pack.insert(FILE, text);
        pack
    };
    assert_eq!(problems(&check(&undecided("procedure: plain"))), "");
    complaint(&undecided("procedure: opinion"), &at(7, "permit-generic: the branch fire decides on a part"));
    let each = joint("", ", each_decides: true");
    complaint(&each, &at(7, "permit-generic: the branch fire decides on a part"));
    let perhaps = undecided("procedure: plain, when: 'form.kind = \"a\"'");
    complaint(
        &perhaps,
        &at(
            1,
            "procedure-skips-step: a case can be granted without decide: intake → review → together → issue → deliver → granted;",
        ),
    );
}

#[test]
fn what_is_delivered_was_granted() {
    let ended =
        PERMIT.replace("{kind: deliver}\n", "{kind: deliver}\n  - {id: z, kind: end, end: refused}\n");
    complains(
        &with(FILE, &ended),
        &at(10, "procedure-order: a case goes on from deliver to z, which is not granted"),
    );
    let checked = |parts: &str| {
        PERMIT.replace(
            "{kind: deliver}\n",
            &format!("{{kind: deliver}}\n  - {{kind: check, desk: review{parts}}}\n"),
        )
    };
    assert_eq!(problems(&check(&with(FILE, &checked("")))), "");
    let sometimes = checked(", when: 'form.kind = \"a\"'");
    complains(&with(FILE, &sometimes), &at(10, "procedure-never-ends: after check nothing follows"));
}

/// A chain of procedures, each a branch of the one before; the last one leads back where `back` says so.
fn chain(length: usize, back: Option<usize>) -> Pack {
    const NAMES: [&str; 7] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6"];
    const FILES: [&str; 7] = [
        "procedures/p0.yaml",
        "procedures/p1.yaml",
        "procedures/p2.yaml",
        "procedures/p3.yaml",
        "procedures/p4.yaml",
        "procedures/p5.yaml",
        "procedures/p6.yaml",
    ];
    let mut pack = whole();
    for n in 0..length {
        let next = if n + 1 < length { Some(n + 1) } else { back };
        let branches = next.map_or_else(String::new, |next| {
            format!(
                "  - {{kind: together, branches: [{{branch: b, title: 支, agency: 11440000553612461J, procedure: {}}}]}}\n  - {{kind: decide",
                NAMES[next]
            )
        });
        let text = PERMIT.replace("procedure: permit", &format!("procedure: {}", NAMES[n]));
        pack.insert(
            FILES[n],
            if next.is_some() { text.replace("  - {kind: decide", &branches) } else { text },
        );
    }
    pack
}

#[test]
fn procedures_inside_each_other() {
    assert_eq!(problems(&check(&chain(4, None))), "");
    complaint(
        &chain(5, None),
        "error base/procedures/p0.yaml:1 procedure-too-nested: procedures lie at most 4 inside each other: p0 → p1 → p2 → p3 → p4;",
    );
    complaint(&chain(6, None), "error base/procedures/p1.yaml:1 procedure-too-nested");
    complaint(
        &chain(3, Some(0)),
        "error base/procedures/p0.yaml:1 procedure-nests-itself: the procedure p0 contains itself: p0 → p1 → p2 → p0;",
    );
    complaint(
        &chain(3, Some(1)),
        "error base/procedures/p1.yaml:1 procedure-nests-itself: the procedure p1 contains itself: p1 → p2 → p1;",
    );
    complaint(
        &chain(1, Some(0)),
        "error base/procedures/p0.yaml:1 procedure-nests-itself: the procedure p0 contains itself: p0 → p0;",
    );
}

#[test]
fn a_renewal_names_the_day_of_expiry() {
    let renewal = |field: &str| format!("renewal: {{expires: {field}, days_before: 30}}\nremedies");
    broken(FILE, "remedies", &renewal("valid_to"), &at(1, "unknown-field: renewal: valid_to is no field"));
    let mut pack = joint("", "");
    pack.insert(FILE, pack[FILE].replace("remedies", &renewal("name")));
    complaint(&pack, &at(1, "unknown-field: renewal: name is no date"));
    let form = pack["forms/f.json"].replace(
        "\"type\": \"string\", \"title\": \"姓名\", \"maxLength\": 20",
        "\"type\": \"string\", \"title\": \"到期\", \"format\": \"date\"",
    );
    pack.insert("forms/f.json", form);
    assert_eq!(problems(&check(&pack)), "");
}

#[test]
fn conditions_read_what_is_there() {
    let when = |condition: &str| format!("{{kind: review, when: '{condition}',");
    assert_eq!(
        problems(&check(&swapped_in_joint(
            "{kind: review,",
            &when("form.kind = \"a\" and applicant.age > 3")
        ))),
        ""
    );
    let says = |condition: &str, rule: &str| {
        complaint(&swapped_in_joint("{kind: review,", &when(condition)), &at(6, rule));
    };
    says("form.kind = ", "condition: step 2 (review), when: \"form.kind = \" is no condition:");
    says("colour = \"red\"", "condition:");
    says("applicant.name = \"x\"", "condition-name: step 2 (review), when: applicant.name is no known fact");
    says("form.colour = \"a\"", "unknown-field: when: the form of ex-one has no field colour");
    says("materials.m9 = null", "unknown-material: when: ex-one has no material m9");
    let branch = swapped_in_joint("branch: fire,", "branch: fire, when: 'form.colour = \"a\"',");
    complaint(&branch, &at(7, "unknown-field"));
}

/// A branch's own procedure sees only what the branch is given.
#[test]
fn a_branch_reads_what_it_is_given() {
    let mut pack = joint(", fields: [name]", "");
    let task = "{id: a, kind: task,";
    let opinion =
        pack["procedures/opinion.yaml"].replace(task, "{id: a, kind: task, when: 'form.kind = \"a\"',");
    pack.insert("procedures/opinion.yaml", opinion);
    complaint(
        &pack,
        "error base/procedures/opinion.yaml:5 unknown-field: when: the branch fire is not given the field kind",
    );
    pack.insert(FILE, pack[FILE].replace("fields: [name]", "fields: [name, kind]"));
    assert_eq!(problems(&check(&pack)), "");
}

fn swapped_in_joint(from: &str, to: &str) -> Pack {
    let mut pack = joint("", "");
    assert!(pack[FILE].contains(from));
    pack.insert(FILE, pack[FILE].replacen(from, to, 1));
    pack
}
