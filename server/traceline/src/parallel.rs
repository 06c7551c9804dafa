//! Work on many things at once: what it comes to is in their order, as if one after the other had been done.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads would take what others need.
const MOST_THREADS: usize = 4;

/// A thread takes so many at a time, so that one that starts late leaves the rest to the others.
const PIECE: usize = 256;

/// What `work` makes of `items`, in pieces on several threads unless there are fewer than `few`. A panic of one piece is one of
/// the caller's.
pub(crate) fn in_pieces<T: Sync, R: Send>(items: &[T], few: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    if items.len() < few || threads == 1 {
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

#[cfg(test)]
mod tests {
    use super::*;

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
