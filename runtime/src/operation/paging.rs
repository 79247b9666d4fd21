//! How lists are paged, as data.

/// How an operation is paged. Parameters are named by their index.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// What the next page is asked for with.
    pub by: PagedBy,
    /// JSON Pointer to the array of items.
    pub items: &'static str,
    /// The parameter with the number of items on a page.
    pub size: Option<usize>,
    /// How many items a page has when nothing is said.
    pub default_size: Option<i64>,
    /// JSON Pointer to whether there is another page.
    pub more: Option<&'static str>,
}

/// What the next page is asked for with.
#[derive(Clone, Copy, Debug)]
pub enum PagedBy {
    /// The number of the page.
    Page {
        /// The parameter with the number.
        parameter: usize,
        /// The number of the first page.
        first: i64,
    },
    /// The number of items to skip.
    Offset {
        /// The parameter with the number of items.
        parameter: usize,
        /// The number that skips none.
        first: i64,
    },
    /// A value that the answer before gave.
    Cursor {
        /// The parameter with the value.
        parameter: usize,
        /// Where the answer has it.
        next: Next,
    },
    /// A URL that the answer before gave.
    Link {
        /// Where the answer has it.
        next: Next,
    },
}

/// Where an answer says what the next page is asked for with. The list ends where that is absent, null, `false` or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At a JSON Pointer into the body.
    Body(&'static str),
    /// In a header.
    Header(&'static str),
    /// In the `Link` header, with the relation `next` (RFC 8288).
    Relation,
}

impl Paging {
    const fn new(by: PagedBy, items: &'static str) -> Self {
        Self { by, items, size: None, default_size: None, more: None }
    }

    /// By the number of the page, which is 1 for the first.
    #[must_use]
    pub const fn page(parameter: usize, items: &'static str) -> Self {
        Self::new(PagedBy::Page { parameter, first: 1 }, items)
    }

    /// By the number of items to skip.
    #[must_use]
    pub const fn offset(parameter: usize, items: &'static str) -> Self {
        Self::new(PagedBy::Offset { parameter, first: 0 }, items)
    }

    /// By a value that the answer before gave.
    #[must_use]
    pub const fn cursor(parameter: usize, next: Next, items: &'static str) -> Self {
        Self::new(PagedBy::Cursor { parameter, next }, items)
    }

    /// By a URL that the answer before gave.
    #[must_use]
    pub const fn link(next: Next, items: &'static str) -> Self {
        Self::new(PagedBy::Link { next }, items)
    }

    /// The number of the first page, or the one that skips nothing.
    #[must_use]
    pub const fn first(mut self, first: i64) -> Self {
        self.by = match self.by {
            PagedBy::Page { parameter, .. } => PagedBy::Page { parameter, first },
            PagedBy::Offset { parameter, .. } => PagedBy::Offset { parameter, first },
            by => by,
        };
        self
    }

    /// The parameter with the number of items on a page.
    #[must_use]
    pub const fn size(mut self, parameter: usize) -> Self {
        self.size = Some(parameter);
        self
    }

    /// How many items a page has when nothing is said.
    #[must_use]
    pub const fn default_size(mut self, size: i64) -> Self {
        self.default_size = Some(size);
        self
    }

    /// JSON Pointer to whether there is another page.
    #[must_use]
    pub const fn more(mut self, pointer: &'static str) -> Self {
        self.more = Some(pointer);
        self
    }
}
