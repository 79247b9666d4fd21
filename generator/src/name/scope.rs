//! Scopes: each knows the names that are taken in it, and gives out no name twice.

use std::collections::{BTreeMap, BTreeSet};

/// Methods of traits that many types have: one of the same name would hide or confuse them.
const TRAIT_METHODS: [&str; 22] = [
    "as_ref",
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "clone_into",
    "cmp",
    "default",
    "deref",
    "drop",
    "eq",
    "fmt",
    "from",
    "hash",
    "into",
    "ne",
    "new",
    "partial_cmp",
    "to_owned",
    "to_string",
    "try_into",
    "type_id",
];

/// Names that may not stand raw (`r#self` is no identifier).
const NEVER_RAW: [&str; 5] = ["self", "super", "crate", "Self", "_"];

/// A place where no two things may have one name.
#[derive(Debug)]
pub struct Scope {
    taken: BTreeSet<String>,
    /// The number to try next behind a name: below, all are taken.
    next: BTreeMap<String, u32>,
}

impl Scope {
    /// A scope in which these names are not given out.
    #[must_use]
    pub fn new(reserved: &[&str]) -> Self {
        Self { taken: BTreeSet::new(), next: BTreeMap::new() }.reserve(&NEVER_RAW).reserve(reserved)
    }

    /// Reserves more names.
    #[must_use]
    pub fn reserve(mut self, reserved: &[&str]) -> Self {
        self.taken.extend(reserved.iter().map(|name| (*name).to_owned()));
        self
    }

    /// Reserves the methods of common traits.
    #[must_use]
    pub fn with_trait_methods(self) -> Self {
        self.reserve(&TRAIT_METHODS)
    }

    /// The wanted name, else the wanted name with the first number from 2 that makes it one of its own.
    pub fn mint(&mut self, wanted: &str) -> String {
        self.mint_or(wanted, wanted)
    }

    /// As [`mint`](Self::mint), but the name is one with which each of the companions, written behind it, is free too; they
    /// are taken with it.
    pub fn mint_with(&mut self, wanted: &str, companions: &[&str]) -> String {
        let family = |name: &str| -> Vec<String> {
            companions.iter().map(|companion| format!("{name}{companion}")).collect()
        };
        let mut name = self.mint(wanted);
        while family(&name).iter().any(|companion| self.taken.contains(companion)) {
            name = self.mint(wanted);
        }
        self.taken.extend(family(&name));
        name
    }

    /// The first name, else the second, else the second with a number.
    pub fn mint_or(&mut self, first: &str, second: &str) -> String {
        for candidate in [first, second] {
            if self.taken.insert(candidate.to_owned()) {
                return candidate.to_owned();
            }
        }
        let separator =
            if second.ends_with(|c: char| c.is_ascii_digit()) || second.contains('_') { "_" } else { "" };
        let next = self.next.entry(second.to_owned()).or_insert(2);
        loop {
            let candidate = format!("{second}{separator}{next}");
            *next = next.saturating_add(1);
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn no_name_is_given_out_twice() {
        let mut scope = Scope::new(&["wait"]);
        assert_eq!(scope.mint("job"), "job");
        assert_eq!(scope.mint("job"), "job2");
        assert_eq!(scope.mint("wait"), "wait2");
        assert_eq!(scope.mint("self"), "self2");
        assert_eq!(scope.mint_or("job", "the_job"), "the_job");
        assert_eq!(scope.mint_or("job", "the_job"), "the_job_2");
    }

    #[test]
    fn companions_are_taken_with_a_name() {
        let mut scope = Scope::new(&[]);
        assert_eq!(scope.mint_with("List", &["Links"]), "List");
        assert_eq!(scope.mint_with("ListLinks", &["Links"]), "ListLinks2");
        assert_eq!(scope.mint_with("GetLinks", &["Links"]), "GetLinks");
        assert_eq!(scope.mint_with("Get", &["Links"]), "Get2");
    }
}
