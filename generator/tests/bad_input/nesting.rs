//! Things inside of things inside of things.
