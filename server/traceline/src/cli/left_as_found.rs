//! A terminal that is left as it was found, also by a signal that ends the program: while keys are read, it shows none of them.

use rustix::process::getpgrp;
use rustix::termios::{OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::io;
use std::thread;

/// Has the signals that end this program put the terminal of stdin back first, as it is now. They end it as ever.
pub(super) fn at_the_end() -> io::Result<()> {
    let Ok(found) = tcgetattr(io::stdin()) else { return Ok(()) };
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let wait = move || {
        for signal in signals.forever() {
            // In the background that would stop this program, and the terminal is another's.
            let elsewhere = tcgetpgrp(io::stdin()).is_ok_and(|front| front != getpgrp());
            if !elsewhere {
                // A terminal that is gone needs nothing.
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &found);
            }
            let _ = emulate_default_handler(signal);
        }
    };
    thread::Builder::new().name("traceline-signals".into()).spawn(wait).map(drop)
}
