//! Annotated pairs of a folder, read and compared on all threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::ProgressBar;
use inspection::dataset::{Entry, read_annotations, read_list, write_annotations};
use inspection::learn::Lesson;
use inspection::{Pair, Picture, judge};

use crate::cli::Data;
use crate::report::hash;
use crate::{files, progress};

/// The entries of the list, of the named groups only where some are named.
///
/// # Errors
/// When the list cannot be read or is empty, or a group is not in it.
pub(crate) fn entries(data: &Data, groups: &[String]) -> Result<Vec<Entry>, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", data.list.display());
    let mut entries = read_list(&files::text(&data.list)?).map_err(|error| told(&error))?;
    if let Some(unknown) = groups.iter().find(|group| entries.iter().all(|entry| entry.group != **group)) {
        return Err(told(&format!("no pair is of group {unknown}")));
    }
    entries.retain(|entry| groups.is_empty() || groups.contains(&entry.group));
    if entries.is_empty() { Err(told(&"no pairs")) } else { Ok(entries) }
}

/// Reads and compares the pair of an entry, as a station would.
///
/// # Errors
/// When a file of it cannot be read, or the picture cannot be judged.
pub(crate) fn lesson(data: &Data, entry: &Entry) -> Result<Lesson, String> {
    read(data, entry).map(|(lesson, ..)| lesson)
}

/// A lesson with its pictures.
fn read(data: &Data, entry: &Entry) -> Result<(Lesson, Picture, Picture), String> {
    let notes = data.data.join(&entry.annotations);
    let annotations =
        read_annotations(&files::text(&notes)?).map_err(|error| format!("{}: {error}", notes.display()))?;
    let test = files::picture(&data.data.join(&entry.test))?;
    let template = files::picture(&data.data.join(&entry.template))?;
    // What a station would refuse is still in the data set, and counts against the model.
    let pair = judge::lay(&test, &template).unwrap_or_else(|_| Pair::empty(&test));
    Ok((Lesson { pair, annotations }, test, template))
}

/// A lesson that can be recognised.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) entry: Entry,
    pub(crate) lesson: Lesson,
    /// Of the picture's pixels: the same picture in another file, or under another name, is the same.
    pub(crate) digest: String,
    template: String,
}

impl Known {
    /// Pictures and boxes in a line.
    pub(crate) fn line(&self) -> String {
        let boxes = write_annotations(&self.lesson.annotations).replace('\n', ";");
        format!("{} {} {boxes}\n", self.digest, self.template)
    }
}

/// All lessons of a list, in its order, with what they are recognised by.
///
/// # Errors
/// At the first that cannot be read, and where there is none.
pub(crate) fn known(data: &Data, threads: usize) -> Result<Vec<Known>, String> {
    let entries = entries(data, &[])?;
    let bar = progress::bar(entries.len() as u64, "reading");
    let known = on_threads(entries.len(), threads, &bar, || {
        |n: usize| {
            let (lesson, test, template) = read(data, &entries[n])?;
            let [digest, template] = [test, template].map(|picture| digest(&picture));
            Ok(Known { entry: entries[n].clone(), lesson, digest, template })
        }
    });
    bar.finish_and_clear();
    known.into_iter().collect()
}

fn digest(picture: &Picture) -> String {
    let size = [picture.width, picture.height].map(|side| (side as u64).to_be_bytes());
    hash(&[size.as_flattened(), &picture.gray].concat())
}

/// The lessons of all entries, in their order.
///
/// # Errors
/// At the first that cannot be read.
pub(crate) fn lessons(data: &Data, entries: &[Entry], threads: usize) -> Result<Vec<Lesson>, String> {
    let bar = progress::bar(entries.len() as u64, "reading");
    let lessons = on_threads(entries.len(), threads, &bar, || |n: usize| lesson(data, &entries[n]));
    bar.finish_and_clear();
    lessons.into_iter().collect()
}

/// What `work` makes of 0 to `count`, in order, shared out over threads. `begin` makes what one thread works with.
pub(crate) fn on_threads<T: Send, W: FnMut(usize) -> T>(
    count: usize,
    threads: usize,
    bar: &ProgressBar,
    begin: impl Fn() -> W + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut work = begin();
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return done;
            }
            done.push((n, work(n)));
            bar.inc(1);
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, 64)).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, done)| done).collect()
}
