//! Annotated pairs of a folder.

use std::fs;
use std::path::Path;
use std::thread;

use inspection::dataset::{Entry, read_annotations, read_list};
use inspection::learn::Lesson;
use inspection::{Pair, Picture, judge};

/// A pair with the make of its board.
pub(crate) struct Board {
    pub(crate) group: String,
    pub(crate) lesson: Lesson,
    /// Whether it could be laid over its template at all.
    pub(crate) is_judged: bool,
}

/// The boards of a list, in its order.
pub(crate) fn load(data: &Path, list: &Path, threads: usize) -> Result<Vec<Board>, String> {
    let text = fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let entries = read_list(&text).map_err(|error| format!("{}: {error}", list.display()))?;
    let part = entries.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = entries
            .chunks(part)
            .map(|part| scope.spawn(|| part.iter().map(|entry| board(data, entry)).collect::<Vec<_>>()))
            .collect();
        let joined = parts.into_iter().map(|part| part.join().map_err(|_| "a thread failed".to_owned()));
        joined.collect::<Result<Vec<_>, String>>()?.into_iter().flatten().collect()
    })
}

fn board(data: &Path, entry: &Entry) -> Result<Board, String> {
    let read = |name: &str| fs::read(data.join(name)).map_err(|error| format!("{name}: {error}"));
    let picture = |name: &str| Picture::decode(&read(name)?).map_err(|error| format!("{name}: {error}"));
    let notes = String::from_utf8(read(&entry.annotations)?).map_err(|error| error.to_string())?;
    let annotations = read_annotations(&notes).map_err(|error| format!("{}: {error}", entry.annotations))?;
    let (test, template) = (picture(&entry.test)?, picture(&entry.template)?);
    let laid = judge::lay(&test, &template);
    let is_judged = laid.is_ok();
    let pair = laid.unwrap_or_else(|_| Pair::empty(&test));
    Ok(Board { group: entry.group.clone(), lesson: Lesson { pair, annotations }, is_judged })
}
