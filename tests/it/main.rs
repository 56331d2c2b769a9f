//! All tests that need a database, Redis or HTTP, in one binary.
//!
//! `harness` starts the servers that most modules query over HTTP. `administrative_acts`, `agreements`,
//! `api_keys`, `attributes`, `data_sets`, `entities`, `faults`, `isolation`, `plans`, `search_ranking`, `synthetic_data` and
//! `verify` also open databases themselves, `process` and `commands` start the program,
//! `dependencies`, `deploy`, `docs` and `module_cycles` only read the workspace.

#[cfg(test)]
mod administrative_acts;
#[cfg(test)]
mod agreements;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod attributes;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod budgets;
#[cfg(test)]
mod cancellation;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod client_addresses;
#[cfg(test)]
mod client_package;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod cors;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod data_sets;
#[cfg(test)]
mod database_outage;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod engine_parity;
#[cfg(test)]
mod entities;
#[cfg(test)]
mod epochs;
#[cfg(test)]
mod events;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod global_ids;
#[cfg(test)]
mod graphql_over_http;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod http2;
#[cfg(test)]
mod http_heads;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod lineage;
#[cfg(test)]
mod merges;
#[cfg(test)]
mod module_cycles;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod overlapping_fields;
#[cfg(test)]
mod overload;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod process;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod rate_limits;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod response_cache;
#[cfg(test)]
mod revocations;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod search_queries;
mod search_ranking;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod synthetic_data;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod trusted_documents;
#[cfg(test)]
mod variables;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod webhooks;
