//! Work on many things at once: what it comes to is in their order, as if one after the other had been done.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// More threads would take what others need.
const MOST_THREADS: usize = 4;

/// How many threads can work at once. It is asked of the system once, since that reads files on some.
pub(crate) fn cores() -> usize {
    static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));
    *CORES
}

/// A thread takes so many at a time, so that one that starts late leaves the rest to the others.
const PIECE: usize = 256;

/// What `work` makes of `items`, in pieces on several threads unless there are fewer than `few`. A panic of one piece is one of
/// the caller's.
pub(crate) fn in_pieces<T: Sync, R: Send>(items: &[T], few: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    if items.len() < few {
        return work(items);
    }
    let threads = cores().min(MOST_THREADS);
    if threads == 1 {
        return work(items);
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = items.chunks(PIECE).nth(at) else { return done };
            done.push((at, work(piece)));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, made)| made).collect()
}

/// Hands what `work` makes of each number below `count` to `take`, in their order, while the next ones are made on all cores; few
/// of them are held at a time. The first error of `take` ends it.
pub(crate) fn in_order<R: Send, E>(
    count: usize,
    work: impl Fn(usize) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    /// So many are made by a thread before they are taken.
    const AHEAD: usize = 4;
    let threads = cores().min(MOST_THREADS);
    if count < 2 || threads == 1 {
        return (0..count).try_for_each(|at| take(work(at)));
    }
    thread::scope(|scope| {
        let makers: Vec<_> = (0..threads)
            .map(|first| {
                let (sender, receiver) = sync_channel(AHEAD);
                let work = &work;
                // Whoever takes them may have stopped.
                let make = move || (first..count).step_by(threads).all(|at| sender.send(work(at)).is_ok());
                (scope.spawn(make), receiver)
            })
            .collect();
        let mut done = Ok(());
        for at in 0..count {
            // Nothing comes of one that has panicked.
            let Ok(made) = makers[at % threads].1.recv() else { break };
            done = take(made);
            if done.is_err() {
                break;
            }
        }
        for (maker, receiver) in makers {
            drop(receiver);
            maker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_taken_in_order() {
        for count in [0, 1, 2, 3, 100] {
            let mut taken = Vec::new();
            let done: Result<(), ()> = in_order(
                count,
                |at| at * 2,
                |made| {
                    taken.push(made);
                    Ok(())
                },
            );
            assert_eq!((taken, done), ((0..count).map(|at| at * 2).collect(), Ok(())));
        }
        let mut taken = 0;
        let done = in_order(
            1000,
            |at| at,
            |made| {
                taken += 1;
                if made == 10 { Err(made) } else { Ok(()) }
            },
        );
        assert_eq!((taken, done), (11, Err(10)));
    }

    #[test]
    #[should_panic(expected = "at 9")]
    fn a_panic_of_what_is_made_is_handed_on() {
        let _: Result<(), ()> = in_order(20, |at| assert!(at != 9, "at {at}"), Ok);
    }

    #[test]
    fn pieces_come_back_in_order() {
        for count in [0, 1, 2, 3, 5, 100, 1_001] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            for few in [0, 4, 10_000] {
                assert_eq!(in_pieces(&items, few, |piece| piece.iter().map(|item| item * 2).collect()), doubled);
            }
        }
    }

    #[test]
    #[should_panic(expected = "at 9")]
    fn a_panic_is_handed_on() {
        in_pieces(&[1, 2, 9], 0, |piece| {
            assert!(!piece.contains(&9), "at 9");
            vec![()]
        });
    }
}
