//! `synth`: drawn boards as files.

use std::fs;
use std::io::Cursor;
use std::process::ExitCode;

use image::{GrayImage, ImageFormat};
use inspection::dataset::write_annotations;
use inspection::{Picture, synth};

use crate::cli::Synth;
use crate::say::say;
use crate::{files, progress};

/// Boards of one group: the list is cut by groups when some are held out.
const GROUP: u32 = 25;

pub(crate) fn synth(args: &Synth) -> Result<ExitCode, String> {
    let bar = progress::bar(u64::from(args.count), "drawing");
    let mut list = String::new();
    for n in 0..args.count {
        let group = format!("group{:05}", n / GROUP);
        let notes = format!("{group}/notes");
        let folder = args.out.join(&notes);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let drawn = synth::draw(args.seed, u64::from(n));
        for (what, picture) in [("test", &drawn.test), ("temp", &drawn.template)] {
            files::write(&args.out.join(format!("{group}/{n:05}_{what}.png")), &png(picture)?)?;
        }
        let text = write_annotations(&drawn.annotations);
        files::write(&args.out.join(format!("{notes}/{n:05}.txt")), text.as_bytes())?;
        list.push_str(&format!("{group}/{n:05}.png {notes}/{n:05}.txt\n"));
        bar.inc(1);
    }
    bar.finish_and_clear();
    files::write(&args.out.join("list.txt"), list.as_bytes())?;
    say!("{} pairs and their list.txt in {}", args.count, args.out.display());
    Ok(ExitCode::SUCCESS)
}

fn png(picture: &Picture) -> Result<Vec<u8>, String> {
    let (width, height) = (picture.width as u32, picture.height as u32);
    let image =
        GrayImage::from_raw(width, height, picture.gray.clone()).ok_or("a picture of another size")?;
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
