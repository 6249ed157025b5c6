//! The text files of a data set in the form of DeepPCB.

use crate::defect::{Annotation, Defect, Rect};

/// A line of a list: a pair of pictures and what is drawn on the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The folder that boards of one make share.
    pub group: String,
    /// The picture to judge, relative to the data set.
    pub test: String,
    /// What it should look like.
    pub template: String,
    /// The boxes drawn on it.
    pub annotations: String,
}

/// A line that says nothing to us.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct LineError {
    /// Counted from 1.
    pub line: usize,
    /// What was expected.
    pub what: &'static str,
}

/// Reads a list: `group/…/NAME.jpg group/…_not/NAME.txt` a line; the files of the pair are `NAME_test.jpg` and `NAME_temp.jpg`.
///
/// # Errors
/// At the first line of another form, or one that leaves the folder.
pub fn read_list(text: &str) -> Result<Vec<Entry>, LineError> {
    let mut entries = Vec::new();
    for (line, words) in lines(text) {
        let [image, annotations] = words[..] else {
            return Err(LineError {
                line,
                what: "a picture and its annotations, parted by a space, are expected",
            });
        };
        if [image, annotations]
            .iter()
            .any(|path| path.starts_with('/') || path.split('/').any(|part| part == ".."))
        {
            return Err(LineError { line, what: "the path must stay inside the data set" });
        }
        let Some((stem, ending)) = image.rsplit_once('.') else {
            return Err(LineError { line, what: "the picture's name has no ending" });
        };
        entries.push(Entry {
            group: image.split('/').next().unwrap_or_default().to_owned(),
            test: format!("{stem}_test.{ending}"),
            template: format!("{stem}_temp.{ending}"),
            annotations: annotations.to_owned(),
        });
    }
    Ok(entries)
}

/// Reads boxes: `x1 y1 x2 y2 type` a line, parted by spaces or commas, types as [`Defect::numbered`].
///
/// # Errors
/// At the first line of another form.
pub fn read_annotations(text: &str) -> Result<Vec<Annotation>, LineError> {
    let mut found = Vec::new();
    for (line, words) in lines(text) {
        let numbers: Vec<f32> =
            words.iter().filter_map(|word| word.parse().ok()).filter(|n: &f32| n.is_finite()).collect();
        let [left, top, right, bottom, number] = numbers[..] else {
            return Err(LineError {
                line,
                what: "five numbers are expected: left, top, right, bottom, type",
            });
        };
        let Some(defect) = Defect::numbered(number as usize) else {
            return Err(LineError { line, what: "the type must be 1 to 6" });
        };
        if right <= left || bottom <= top {
            return Err(LineError { line, what: "the box is empty" });
        }
        found.push(Annotation { defect, at: Rect { left, top, right, bottom } });
    }
    Ok(found)
}

/// Boxes as [`read_annotations`] reads them, in whole pixels.
#[must_use]
pub fn write_annotations(annotations: &[Annotation]) -> String {
    let line = |a: &Annotation| {
        let Rect { left, top, right, bottom } = a.at;
        format!("{left:.0} {top:.0} {right:.0} {bottom:.0} {}\n", a.defect.number())
    };
    annotations.iter().map(line).collect()
}

fn lines(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .map(|(n, line)| {
            (n + 1, line.split([' ', ',', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>())
        })
        .filter(|(_, words)| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_boxes_are_read() {
        let list = read_list("a/a/1.jpg a/a_not/1.txt\r\n\n b/b/2.png  b/b_not/2.txt\n").unwrap();
        assert_eq!(list[0].test, "a/a/1_test.jpg");
        assert_eq!(list[1].template, "b/b/2_temp.png");
        assert_eq!(list[1].group, "b");
        let boxes = read_annotations("1 2 30 40 1\n5,6,70,80,6\n").unwrap();
        assert_eq!(boxes[1].defect, Defect::PinHole);
        assert_eq!(write_annotations(&boxes), "1 2 30 40 1\n5 6 70 80 6\n");
    }

    #[test]
    fn other_lines_are_named() {
        assert_eq!(read_list("a/1.jpg a/1.txt\n../b.jpg c.txt").unwrap_err().line, 2);
        assert_eq!(read_list("a/1.jpg").unwrap_err().line, 1);
        for text in ["1 2 3 4", "1 2 3 4 7", "9 2 3 4 1", "x 2 3 4 1", "NaN 2 3 4 1"] {
            assert_eq!(read_annotations(text).unwrap_err().line, 1, "{text}");
        }
    }
}
