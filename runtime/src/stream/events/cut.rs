//! An event stream, cut into events (WHATWG HTML §9.2.5 and §9.2.6).
//!
//! Bytes are collected to the end of a line: CR, LF, or both. A line adds to the event under way; an empty line sends it
//! off. What is under way when the stream ends is dropped, as the standard says.

use std::collections::VecDeque;
use std::time::Duration;

use crate::stream::decode::Cut;

/// An event whose data is not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawEvent {
    pub(super) event: String,
    pub(super) id: String,
    pub(super) data: String,
}

#[derive(Debug, Default)]
pub(super) struct EventCut {
    line: Vec<u8>,
    /// Whether the last line ended with CR, so that an LF belongs to it.
    after_carriage_return: bool,
    /// Whether a line has ended: only the first one can begin with a byte order mark.
    has_begun: bool,
    event: String,
    data: String,
    /// What the next dispatch makes the id of the last event: an event that is not whole has not come.
    id: String,
    last_event_id: String,
    retry: Option<Duration>,
}

impl EventCut {
    pub(super) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// What was under way on one connection does not go on on the next one.
    pub(super) fn restart(&mut self) {
        let (last_event_id, retry) = (std::mem::take(&mut self.last_event_id), self.retry);
        *self = Self { id: last_event_id.clone(), last_event_id, retry, ..Self::default() };
    }

    fn end_line(&mut self, out: &mut VecDeque<RawEvent>) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let mut line = line.as_ref();
        if !self.has_begun {
            self.has_begun = true;
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.dispatch(out);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
            }
            // Comments, which have no name, and fields that the standard does not know.
            _ => {}
        }
    }

    fn dispatch(&mut self, out: &mut VecDeque<RawEvent>) {
        let (event, mut data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        self.last_event_id.clone_from(&self.id);
        if data.is_empty() {
            return;
        }
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        out.push_back(RawEvent { event, id: self.last_event_id.clone(), data });
    }
}

impl Cut for EventCut {
    type Item = RawEvent;

    fn push(&mut self, piece: &[u8], out: &mut VecDeque<RawEvent>) {
        let mut rest = piece;
        if self.after_carriage_return && !rest.is_empty() {
            self.after_carriage_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            let (line, ending) = rest.split_at(end);
            self.line.extend_from_slice(line);
            self.end_line(out);
            rest = match ending {
                [b'\r', b'\n', after @ ..] => after,
                [b'\r'] => {
                    self.after_carriage_return = true;
                    &[]
                }
                [_, after @ ..] => after,
                [] => &[],
            };
        }
        self.line.extend_from_slice(rest);
    }

    fn finish(&mut self, _: &mut VecDeque<RawEvent>) {}

    fn size(event: &RawEvent) -> usize {
        event.data.len()
    }

    fn pending(&self) -> usize {
        self.line.len().saturating_add(self.data.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(pieces: &[&[u8]]) -> (Vec<(String, String, String)>, EventCut) {
        let (mut cut, mut out) = (EventCut::default(), VecDeque::new());
        for piece in pieces {
            cut.push(piece, &mut out);
        }
        cut.finish(&mut out);
        (out.into_iter().map(|raw| (raw.event, raw.id, raw.data)).collect(), cut)
    }

    fn message(data: &'static str) -> (&'static str, &'static str, &'static str) {
        ("message", "", data)
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        for (stream, events) in [
            ("data: a\n\n", vec![message("a")]),
            ("data: a\r\rdata: b\r\n\r\ndata: c\n\n", vec![message("a"), message("b"), message("c")]),
            ("\u{feff}data: a\n\n", vec![message("a")]),
            ("data: a\n\n\u{feff}data: b\n\n", vec![message("a")]),
            ("data: a\ndata: b\ndata\ndata:\n\n", vec![message("a\nb\n\n")]),
            ("data:a\ndata:  b\n\n", vec![message("a\n b")]),
            ("event: add\ndata: 1\n\ndata: 2\n\n", vec![("add", "", "1"), message("2")]),
            (
                "id: 7\ndata: 1\n\ndata: 2\n\nid\ndata: 3\n\n",
                vec![("message", "7", "1"), ("message", "7", "2"), message("3")],
            ),
            ("id: a\0b\ndata: 1\n\n", vec![message("1")]),
            (": a comment\n:\nfoo: bar\nData: x\ndata: 1\n\n", vec![message("1")]),
            ("event: lost\n\ndata: 1\n\n", vec![message("1")]),
            ("data\n\n", vec![message("")]),
            ("data: a\n\ndata: unfinished\n", vec![message("a")]),
            ("\n\n\n", vec![]),
            ("", vec![]),
        ] {
            let owned =
                |(event, id, data): (&str, &str, &str)| (event.to_owned(), id.to_owned(), data.to_owned());
            let events: Vec<_> = events.into_iter().map(owned).collect();
            assert_eq!(cut(&[stream.as_bytes()]).0, events, "{stream:?}");
            // Wherever the network cuts the stream, the events are the same.
            let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
            assert_eq!(cut(&bytes).0, events, "{stream:?}, byte by byte");
        }
    }

    #[test]
    fn the_time_to_wait_is_kept_and_nonsense_is_not() {
        assert_eq!(cut(&[b"retry: 1500\n"]).1.retry(), Some(Duration::from_millis(1500)));
        for nonsense in ["retry: soon\n", "retry: -1\n", "retry:\n", "retry: 99999999999999999999999\n"] {
            assert_eq!(cut(&[nonsense.as_bytes()]).1.retry(), None, "{nonsense}");
        }
        assert_eq!(cut(&[b"id: 9\n\n"]).1.last_event_id(), "9");
    }

    #[test]
    fn an_event_that_has_not_come_whole_is_not_the_last_one() {
        let (_, mut cut) = cut(&[b"id: 8\ndata: a\n\nid: 9\ndata: b\n"]);
        assert_eq!(cut.last_event_id(), "8");
        cut.restart();
        let mut out = VecDeque::new();
        cut.push("\u{feff}data: c\n\n".as_bytes(), &mut out);
        let event = RawEvent { event: "message".to_owned(), id: "8".to_owned(), data: "c".to_owned() };
        assert_eq!(out, [event]);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let replaced = ("message".to_owned(), String::new(), "\u{fffd}".to_owned());
        assert_eq!(cut(&[b"data: \xff\n\n"]).0, [replaced]);
    }
}
