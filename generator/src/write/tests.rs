mod applying;
mod formatting;
mod placing;
