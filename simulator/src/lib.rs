//! A ModelArts stand-in on loopback.
