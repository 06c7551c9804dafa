//! Words, sentences and the seeded dice that the generated plans are made of.

/// SplitMix64: the same seed gives the same sequence on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but without, `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n as u64).expect("smaller than n, which is a usize")
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn letter(&mut self) -> char {
        char::from(b"abcdefghijklmnopqrstuvwxyz"[self.below(26)])
    }
}

pub(crate) const NOUNS: &[&str] = &[
    "account",
    "upload",
    "invoice",
    "session",
    "report",
    "search index",
    "webhook",
    "audit log",
    "cache",
    "payment",
    "export job",
    "notification",
    "profile",
    "tenant",
    "policy",
    "queue",
    "schema",
    "token",
    "dashboard",
    "workflow",
    "attachment",
    "calendar",
    "comment",
    "ledger",
    "backup",
];

pub(crate) const VERBS: &[&str] = &[
    "create",
    "validate",
    "store",
    "encrypt",
    "replicate",
    "archive",
    "list",
    "delete",
    "retry",
    "stream",
    "throttle",
    "rename",
    "import",
    "merge",
    "restore",
    "publish",
    "sign",
    "rotate",
    "reconcile",
    "cancel",
];

pub(crate) const ENDS: &[&str] = &[
    "within 200 ms at the 95th percentile",
    "without losing acknowledged writes",
    "for every tenant",
    "when the upstream service is unavailable",
    "and record the actor in the audit trail",
    "unless the user has revoked consent",
    "even if the request is replayed",
    "before the session expires",
    "in the user’s own locale, be it Français or 日本語",
    "using the retention policy of the workspace — never longer",
    "so that a naïve retry is safe 🔒",
];

pub(crate) const SECTIONS: &[&str] = &[
    "Architecture Overview",
    "Technical Constraints",
    "System Design",
    "Component Architecture",
    "Data Flow",
    "Database Schema",
    "Integration Points",
    "Risk Assessment",
    "Testing Strategy",
    "Deployment Strategy",
    "Monitoring and Observability",
];

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(crate) fn sentence(dice: &mut Dice) -> String {
    format!("The service shall {} the {} {}.", dice.pick(VERBS), dice.pick(NOUNS), dice.pick(ENDS))
}

/// The anchor that a heading gets on the usual hosts: lower case, hyphens for spaces, no punctuation.
pub(crate) fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}
