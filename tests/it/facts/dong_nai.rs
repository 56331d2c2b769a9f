//! Seed 000: the foreign affairs of Dong Nai.

mod activities;
mod agreements;
