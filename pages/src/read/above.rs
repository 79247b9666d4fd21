//! What stands above a table and says what it is about.

use super::page::{Caption, Text};

/// What stands above a table: since the last heading, table or block of code.
#[derive(Default)]
pub(super) struct Above {
    pub(super) caption: Option<Caption>,
    pub(super) lead: Option<String>,
    pub(super) anchors: Vec<String>,
}

impl Above {
    /// Takes a text into account that may be a caption; it is trimmed and not empty.
    pub(super) fn add(&mut self, text: &Text) {
        match caption(&text.text) {
            Some(caption) => self.caption = Some(caption),
            None => self.lead = Some(text.text.clone()),
        }
    }
}

/// `表 3  server参数信息`, also `Table 3`.
pub(crate) fn caption(text: &str) -> Option<Caption> {
    let rest = text.strip_prefix('表').or_else(|| text.strip_prefix("Table"))?.trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, text) = rest.split_at_checked(digits)?;
    Some(Caption { number: number.parse().ok()?, text: text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::caption;

    #[test]
    fn captions_have_numbers() {
        assert!(caption("表述").is_none() && caption("如表1所示").is_none());
        assert_eq!(caption("表1 a").unwrap().number, 1);
        assert_eq!(caption("Table 12 Path parameters").unwrap().text, "Path parameters");
    }
}
