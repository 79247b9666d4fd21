//! The course of a list from page to page: where the next one is, and when the list is over.

use std::collections::VecDeque;

use http::Uri;

use super::next::{Found, hash};
use super::token::{Place, ResumeToken};
use crate::call::Call;
use crate::operation::{PagedBy, Paging};
use crate::url;

/// How many pages are remembered, to know them again.
const REMEMBERED: usize = 1024;

/// Where a list is being read.
pub(super) struct Course {
    call: Call,
    paging: &'static Paging,
    /// The position of the next page; `None` is where the call itself leads.
    position: Option<String>,
    /// How many items there were up to here, those before the first page that was asked for included.
    seen: Option<i64>,
    /// How many items of the next page have been taken already.
    skipped: usize,
    known: Known,
    outlook: Outlook,
}

/// What comes after the page that was taken last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Another page.
    More,
    /// Nothing.
    End,
    /// Something that cannot be asked for, and why.
    Broken(String),
}

/// Hashes of what there was: a list that goes in circles is longer than any memory.
#[derive(Default)]
struct Known(VecDeque<u64>);

impl Known {
    /// Remembers it; false when it is known already.
    fn is_new(&mut self, hash: u64) -> bool {
        if self.0.contains(&hash) {
            return false;
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(hash);
        true
    }
}

impl Course {
    /// From where the call is set to, else from the first page on.
    pub(super) fn new(call: Call, paging: &'static Paging) -> Self {
        let position = match paging.by {
            PagedBy::Page { parameter, first } | PagedBy::Offset { parameter, first } => {
                let given = call.integer(parameter).filter(|given| *given >= first);
                Some(given.unwrap_or(first).to_string())
            }
            PagedBy::Cursor { .. } | PagedBy::Link { .. } => None,
        };
        let (known, outlook) = (Known::default(), Outlook::More);
        Self { call, paging, position, seen: None, skipped: 0, known, outlook }
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    pub(super) fn paging(&self) -> &'static Paging {
        self.paging
    }

    pub(super) fn outlook(&self) -> &Outlook {
        &self.outlook
    }

    pub(super) fn skipped(&self) -> usize {
        self.skipped
    }

    /// The call for the next page.
    pub(super) fn next_call(&self) -> Call {
        let mut call = self.call.clone();
        match (self.paging.by, &self.position) {
            (PagedBy::Page { parameter, .. } | PagedBy::Offset { parameter, .. }, Some(position)) => {
                call.set(parameter, position.as_str());
            }
            (PagedBy::Cursor { parameter, .. }, Some(cursor)) => call.fill(parameter, cursor),
            (PagedBy::Link { .. }, Some(target)) => call.ask_at(target),
            (_, None) => {}
        }
        call
    }

    /// Takes a page in, and decides what comes after it.
    ///
    /// By number and by offset, an empty page is the last one. Where the server tells a total, that many items have to be seen, those on
    /// pages before the first one asked for included: a page can be short of items that the caller may not see, or because the
    /// server allows fewer on a page than were asked for. Without a total, a page that is not full is the last one. What the server
    /// says of there being more goes before all of that.
    ///
    /// By cursor and by link, the last page is the one that leads nowhere.
    ///
    /// # Errors
    ///
    /// When it is a page that came before, and its items are not to be handed on again.
    pub(super) fn take(&mut self, count: usize, total: Option<i64>, found: Found) -> Result<(), String> {
        let is_new = count == 0 || found.items.is_none_or(|items| self.known.is_new(items));
        let items = i64::try_from(count).unwrap_or(i64::MAX);
        let size = self.size();
        let counted = match self.paging.by {
            PagedBy::Page { first, .. } => {
                Some((self.number().saturating_sub(first).saturating_mul(items), 1))
            }
            PagedBy::Offset { first, .. } => Some((self.number().saturating_sub(first), items)),
            PagedBy::Cursor { .. } | PagedBy::Link { .. } => None,
        };
        let seen = match counted {
            Some((before, _)) => Some(self.seen.unwrap_or(before).saturating_add(items)),
            None => None,
        };
        let outcome = match counted {
            Some(_) if !is_new => Err(REPEATED_PAGE.to_owned()),
            Some((_, step)) => {
                let is_last = match (found.more, total) {
                    (Some(more), _) => !more,
                    (None, Some(total)) => seen >= Some(total),
                    (None, None) => size.is_some_and(|size| items < size),
                };
                let next = self.number().saturating_add(step);
                Ok((count > 0 && !is_last).then(|| next.to_string()))
            }
            None => self.led_to(found),
        };
        match outcome {
            Ok(Some(position)) => {
                (self.position, self.seen, self.skipped) = (Some(position), seen, 0);
                Ok(())
            }
            Ok(None) => {
                self.outlook = Outlook::End;
                Ok(())
            }
            // Nothing new at all: it is the page before that came again.
            Err(reason) if !is_new => Err(reason),
            Err(reason) => {
                // Who resumes it later asks for this page again, to be told of another next one.
                (self.skipped, self.outlook) = (count, Outlook::Broken(reason));
                Ok(())
            }
        }
    }

    /// The position that an answer leads to, if it does; by cursor and by link.
    fn led_to(&mut self, found: Found) -> Result<Option<String>, String> {
        let next = match (found.next?, found.more) {
            (_, Some(false)) | (None, None) => return Ok(None),
            (None, Some(true)) => return Err("the answer says that there is more, and not where".to_owned()),
            (Some(next), _) => next,
        };
        let next = if matches!(self.paging.by, PagedBy::Link { .. }) { self.target(&next)? } else { next };
        self.known.is_new(hash(("position", self.position.as_deref())));
        if !self.known.is_new(hash(("position", Some(next.as_str())))) {
            return Err(REPEATED_POSITION.to_owned());
        }
        Ok(Some(next))
    }

    /// The path and query that a link leads to, which has to be at the origin of the call.
    fn target(&mut self, link: &str) -> Result<String, String> {
        let here = self.next_call().url().ok_or("the URL of the call is not known")?;
        if self.position.is_none() {
            self.known.is_new(hash(("position", here.path_and_query().map(|path| path.as_str()))));
        }
        let link = link.split_once('#').map_or(link, |(link, _)| link);
        let url = url::resolve(&here, link);
        let there: Uri = url.parse().map_err(|_| "the link to the next page is no URL".to_owned())?;
        if !url::have_same_origin(&here, &there) {
            let origin = |url: &Uri| {
                let host = url.authority().map_or("", |authority| authority.as_str());
                let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
                format!("{}://{host}", url.scheme_str().unwrap_or_default())
            };
            let (here, there) = (origin(&here), origin(&there));
            return Err(format!(
                "the link to the next page leads to `{there}`, and is not followed: the call and its credentials are for `{here}`"
            ));
        }
        Ok(there.path_and_query().map_or("/", |path| path.as_str()).to_owned())
    }

    /// How many items a full page has.
    fn size(&self) -> Option<i64> {
        self.paging.size.and_then(|index| self.call.integer(index)).or(self.paging.default_size)
    }

    fn number(&self) -> i64 {
        self.position.as_deref().and_then(|position| position.parse().ok()).unwrap_or_default()
    }

    /// Where the next page begins, or where the last one broke off; `None` when the list is over.
    pub(super) fn place(&self) -> Option<Place> {
        (self.outlook != Outlook::End).then(|| Place {
            position: self.position.clone(),
            taken: self.skipped,
            seen: self.seen,
            size: self.size().filter(|_| matches!(self.paging.by, PagedBy::Page { .. })),
        })
    }

    /// The token for a place in this list.
    pub(super) fn token(&self, place: &Place) -> ResumeToken {
        ResumeToken::new(self.kind(), self.call.operation().id, place)
    }

    /// Goes to the place of a token.
    ///
    /// # Errors
    ///
    /// When it is a token of another list.
    pub(super) fn resume(&mut self, token: &ResumeToken) -> Result<(), String> {
        let place = token.read(self.kind(), self.call.operation().id)?;
        if let (PagedBy::Page { .. }, Some(counted), Some(size)) = (self.paging.by, place.size, self.size())
            && counted != size
        {
            return Err(format!(
                "the resume token counts pages of {counted} items, and the call asks for {size}"
            ));
        }
        let is_number = |text: &String| text.parse::<i64>().is_ok();
        let fits = match self.paging.by {
            PagedBy::Page { .. } | PagedBy::Offset { .. } => place.position.as_ref().is_some_and(is_number),
            PagedBy::Cursor { .. } => true,
            PagedBy::Link { .. } => place.position.as_ref().is_none_or(|target| target.starts_with('/')),
        };
        if !fits {
            return Err("the resume token has a position that the list cannot have".to_owned());
        }
        (self.position, self.seen, self.skipped) = (place.position, place.seen, place.taken);
        Ok(())
    }

    fn kind(&self) -> &'static str {
        match self.paging.by {
            PagedBy::Page { .. } => "page",
            PagedBy::Offset { .. } => "offset",
            PagedBy::Cursor { .. } => "cursor",
            PagedBy::Link { .. } => "link",
        }
    }
}

const REPEATED_PAGE: &str = "the server repeats itself: the items of a page before came again (or the list was changed so that they \
                             moved by a whole page)";

const REPEATED_POSITION: &str = "the server repeats itself: the page leads to one that has been read before";
