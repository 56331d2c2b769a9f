//! Everything that needs a database, Redis or HTTP, in one binary.
//!
//! `harness` starts servers and `answers`, `contract`, `facts`, `identity`, `bad_input`, `changes`, `same_on_both`, `audit`, `socket`,
//! `statements` and `writing` ask them; `agreements`, `attributes`, `isolation`, `loading` and `verify` open databases themselves,
//! `process` starts the program; `dependencies` reads the workspace alone.

#[cfg(test)]
mod agreements;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod attributes;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod process;
#[cfg(test)]
mod same_on_both;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod writing;
