//! Everything that needs a database, Redis or HTTP, in one binary.
//!
//! `harness` starts servers that most modules ask over HTTP. `agreements`, `attributes`, `faults`, `generating`, `isolation`, `loading`, `plans`,
//! `searching` and `verify` open databases themselves, `process` and `commands` start the program, `dependencies` and `deploy` read the workspace alone.

#[cfg(test)]
mod agreements;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod attributes;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod away;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod epochs;
#[cfg(test)]
mod events;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod generating;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod process;
#[cfg(test)]
mod same_on_both;
#[cfg(test)]
mod searching;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod variables;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod writing;
