//! Everything that needs a database, Redis or HTTP, in one binary.
//!
//! `harness` starts servers and `contract`, `facts` and `audit` ask them; `dependencies` reads the workspace alone.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod harness;
