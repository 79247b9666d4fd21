//! Calls of generated clients, made against a server on loopback: the bytes that are sent are what the description says.
//!
//! `compile.rs` makes a package of this folder, beside the packages of the clients.

#![cfg(test)]

mod any_json;
mod callbacks;
mod links;
mod paging;
mod parameter_styles;
mod path_keys;
mod retries;
mod security;
mod server;
mod servers;
mod streams;
