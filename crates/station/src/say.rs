//! Printing that lets its reader go: `… | head` closes the pipe early, and that is no fault.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};

/// Prints a line to standard output, as `println!` does, except that a reader who has gone is no panic.
/// The command goes on to its end: work that changes something is not cut short, and the exit code stays true.
macro_rules! say {
    ($($arg:tt)*) => { $crate::say::out(format_args!($($arg)*)) };
}

/// The same to standard error.
macro_rules! complain {
    ($($arg:tt)*) => { $crate::say::err(format_args!($($arg)*)) };
}

pub(crate) use {complain, say};

/// A line for whoever reads standard output. What cannot be written for another reason, such as a full disk,
/// ends the program: its output would lack lines and nobody would know.
pub(crate) fn out(line: Arguments<'_>) {
    match writeln!(stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            err(format_args!("shengshi-station: standard output: {error}"));
            std::process::exit(1);
        }
        Ok(()) | Err(_) => {}
    }
}

/// A line for whoever reads standard error; there is nowhere left to say that it cannot be written.
pub(crate) fn err(line: Arguments<'_>) {
    let _ = writeln!(stderr().lock(), "{line}");
}
