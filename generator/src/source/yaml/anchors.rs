//! Anchors and aliases: what may be repeated, and how much larger that may make a description.

use std::collections::HashMap;

use crate::diagnostics::{Code, Diagnostic};
use crate::source::load::too_deep;
use crate::source::{Node, Place, ReadResult, Value};

/// So many bytes of text count as one node where aliases are counted.
const BYTES_PER_NODE: usize = 64;

/// The nodes that aliases may repeat, by the number that the parser gives the anchor.
pub(super) struct Anchors<'budget> {
    nodes: HashMap<usize, Anchored>,
    /// How many nodes aliases may add to a description.
    limit: usize,
    /// How many of these are left.
    left: &'budget mut usize,
}

struct Anchored {
    node: Node,
    size: Size,
}

/// What repeating a node adds to the tree.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    depth: usize,
}

impl<'budget> Anchors<'budget> {
    pub(super) fn new(limit: usize, left: &'budget mut usize) -> Self {
        Self { nodes: HashMap::new(), limit, left }
    }

    /// Keeps a copy of a node with an anchor, of which 0 is none. The copies count like those that aliases make, since anchors
    /// can be nested.
    pub(super) fn remember(&mut self, anchor: usize, node: &Node, place: Place) -> ReadResult<()> {
        if anchor == 0 {
            return Ok(());
        }
        let size = Size::of(node);
        self.spend(size, place)?;
        self.nodes.insert(anchor, Anchored { node: node.clone(), size });
        Ok(())
    }

    /// The node that an alias at `place` repeats inside of `depth` others, where `deepest` are allowed.
    pub(super) fn repeat(
        &mut self,
        anchor: usize,
        place: Place,
        depth: usize,
        deepest: usize,
    ) -> ReadResult<Node> {
        let unknown = || {
            let message = "the alias stands inside of what it stands for";
            Box::new(Diagnostic::new(Code::Syntax, place, message))
        };
        let size = self.nodes.get(&anchor).ok_or_else(unknown)?.size;
        if depth + size.depth > deepest {
            return Err(Box::new(too_deep(place, deepest)));
        }
        // Paid for before it is copied.
        self.spend(size, place)?;
        self.nodes.get(&anchor).map(|anchored| anchored.node.clone()).ok_or_else(unknown)
    }

    /// The text of a scalar.
    pub(super) fn text(&self, anchor: usize) -> Option<String> {
        self.nodes.get(&anchor)?.node.scalar_text()
    }

    fn spend(&mut self, size: Size, place: Place) -> ReadResult<()> {
        let Some(left) = self.left.checked_sub(size.nodes) else {
            let message = format!("aliases make the description larger by more than {} nodes", self.limit);
            return Err(Box::new(Diagnostic::new(Code::Limit, place, message)));
        };
        *self.left = left;
        Ok(())
    }
}

impl Size {
    fn of(node: &Node) -> Self {
        let mut size = Self { nodes: 1, depth: 0 };
        let mut add = |text: usize, child: &Node| {
            let child = Self::of(child);
            size.nodes = size.nodes.saturating_add(child.nodes).saturating_add(text / BYTES_PER_NODE);
            size.depth = size.depth.max(child.depth);
        };
        match &node.value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(text) | Value::String(text) => size.nodes += text.len() / BYTES_PER_NODE,
            Value::Array(items) => {
                items.iter().for_each(|item| add(0, item));
                size.depth += 1;
            }
            Value::Object(object) => {
                object.entries().for_each(|entry| add(entry.key.len(), &entry.value));
                size.depth += 1;
            }
        }
        size
    }
}
