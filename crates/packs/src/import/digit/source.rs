//! The source as it is written: tolerant of what real files do (numbers and booleans as texts, lists joined by commas).

use serde_json::{Map, Value};

use super::{BadImport, Warning};

/// A whole file.
pub(super) struct File {
    pub(super) source: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) services: Vec<Service>,
}

/// A business service.
pub(super) struct Service {
    pub(super) name: String,
    pub(super) business: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) sla: Option<u64>,
    pub(super) states: Vec<State>,
    /// What was met while reading that has no place.
    pub(super) warnings: Vec<Warning>,
}

/// A state; the start has no name.
#[derive(Default)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) uuid: Option<String>,
    pub(super) status: Option<String>,
    pub(super) sla: Option<u64>,
    pub(super) documents: Option<bool>,
    pub(super) updatable: Option<bool>,
    pub(super) start: bool,
    pub(super) terminal: bool,
    pub(super) actions: Vec<Action>,
}

/// An action.
#[derive(Default)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) next: Option<String>,
    pub(super) current: Option<String>,
    pub(super) roles: Vec<String>,
    pub(super) active: bool,
}

impl State {
    /// How warnings name it.
    pub(super) fn shown(&self) -> &str {
        if self.name.is_empty() { "(start)" } else { &self.name }
    }
}

/// Reads the JSON of a file.
pub(super) fn read(json: &str) -> Result<File, BadImport> {
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let value: Value = serde_json::from_str(json)
        .map_err(|error| BadImport::NotJson { line: error.line(), what: error.to_string() })?;
    let services: Vec<&Value> = match &value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(object) => match object.get("BusinessServices") {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(one) => vec![one],
            None => vec![&value],
        },
        _ => Vec::new(),
    };
    let services: Vec<Service> = services.into_iter().filter_map(service).collect();
    if services.is_empty() {
        return Err(BadImport::NoService);
    }
    let top = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(File { source: top("source"), licence: top("licence"), services })
}

const SERVICE_KEYS: [&str; 7] =
    ["businessService", "business", "businessServiceSla", "tenantId", "states", "source", "licence"];
const STATE_KEYS: [&str; 9] = [
    "state",
    "uuid",
    "applicationStatus",
    "sla",
    "docUploadRequired",
    "isStateUpdatable",
    "isStartState",
    "isTerminateState",
    "actions",
];
const ACTION_KEYS: [&str; 8] =
    ["action", "nextState", "nextStateId", "currentState", "stateId", "roles", "active", "uuid"];

fn service(value: &Value) -> Option<Service> {
    let object = value.as_object()?;
    let name = text(object, "businessService")?;
    let mut service = Service {
        business: text(object, "business"),
        tenant: text(object, "tenantId"),
        sla: None,
        states: Vec::new(),
        warnings: Vec::new(),
        name,
    };
    service.sla = service.millis(object, "businessServiceSla", "");
    service.left_out(object, &SERVICE_KEYS, "", "");
    for value in object.get("states").and_then(Value::as_array).into_iter().flatten() {
        let Some(object) = value.as_object() else {
            service.warn("", "an entry of states is no object and is left out");
            continue;
        };
        let state = service.state(object);
        service.states.push(state);
    }
    Some(service)
}

impl Service {
    pub(super) fn warn(&mut self, state: &str, what: impl Into<String>) {
        self.warnings.push(Warning {
            service: self.name.clone(),
            state: state.to_owned(),
            what: what.into(),
        });
    }

    fn state(&mut self, object: &Map<String, Value>) -> State {
        let mut state = State { name: text(object, "state").unwrap_or_default(), ..State::default() };
        let shown = state.shown().to_owned();
        state.uuid = text(object, "uuid");
        state.status = text(object, "applicationStatus");
        state.sla = self.millis(object, "sla", &shown);
        state.documents = self.flag(object, "docUploadRequired", &shown);
        state.updatable = self.flag(object, "isStateUpdatable", &shown);
        state.start = self.flag(object, "isStartState", &shown) == Some(true);
        state.terminal = self.flag(object, "isTerminateState", &shown) == Some(true);
        self.left_out(object, &STATE_KEYS, &shown, "");
        for value in object.get("actions").and_then(Value::as_array).into_iter().flatten() {
            let Some(object) = value.as_object() else {
                self.warn(&shown, "an entry of actions is no object and is left out");
                continue;
            };
            let action = self.action(object, &shown);
            state.actions.push(action);
        }
        state
    }

    fn action(&mut self, object: &Map<String, Value>, state: &str) -> Action {
        let name = text(object, "action").unwrap_or_default();
        let active = self.flag(object, "active", state) != Some(false);
        self.left_out(object, &ACTION_KEYS, state, &format!("action {name}: "));
        let roles = match object.get("roles") {
            Some(Value::String(list)) => list.split(',').map(str::trim).map(str::to_owned).collect(),
            Some(Value::Array(list)) => {
                list.iter().filter_map(Value::as_str).map(str::trim).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        Action {
            next: text(object, "nextState").or_else(|| text(object, "nextStateId")),
            current: text(object, "currentState").or_else(|| text(object, "stateId")),
            roles: roles.into_iter().filter(|role: &String| !role.is_empty()).collect(),
            name,
            active,
        }
    }

    /// Whole milliseconds, also written as a text.
    fn millis(&mut self, object: &Map<String, Value>, key: &str, state: &str) -> Option<u64> {
        let value = object.get(key).filter(|value| !value.is_null() && value.as_str() != Some(""))?;
        let read = value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        if read.is_none() {
            self.warn(state, format!("{key} {value} is no number of milliseconds and is left out"));
        }
        read
    }

    /// True or false, also written as a text; nothing for an empty text.
    fn flag(&mut self, object: &Map<String, Value>, key: &str, state: &str) -> Option<bool> {
        match object.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            other => {
                let what = format!("{key} {other} is neither true nor false and is left out");
                self.warn(state, what);
                None
            }
        }
    }

    /// Keys that have no place, with something in them. The tenant is the service's own.
    fn left_out(&mut self, object: &Map<String, Value>, known: &[&str], state: &str, about: &str) {
        for (key, value) in object {
            let empty = value.is_null() || value.as_str() == Some("");
            let tenant = key == "tenantId" && value.as_str() == self.tenant.as_deref();
            if !empty && !tenant && !known.contains(&key.as_str()) {
                self.warn(
                    state,
                    format!("{about}{key} has no place in a procedure and is left out: {value}"),
                );
            }
        }
    }
}

/// A text that says something.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
