# shellcheck shell=bash
# The Rust toolchain and the room that a build needs; says in one line what is missing, before a build and after one
# that failed.

# shellcheck source=tests/services/packages.sh
. tests/services/packages.sh

target_folder=${CARGO_TARGET_DIR:-target}

# The oldest Rust that is tested.
rust_version() { sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml; }

need_rust() {
    local wanted found
    if ! has cargo || ! has rustc; then
        stop "Rust is missing; install it from https://rustup.rs and open a new terminal"
    fi
    wanted=$(rust_version)
    found=$(rustc --version)
    [[ $found =~ ^rustc\ ([0-9]+)\.([0-9]+) ]] || stop "rustc --version says '$found'; install Rust anew: https://rustup.rs"
    ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= ${wanted%%.*} * 1000 + ${wanted##*.})) ||
        stop "Rust $wanted or newer is needed, and this is ${found#rustc }; run: rustup update stable"
}

# rust-version promises that this Rust is enough, so the gate tests with it and not with a newer one.
need_tested_rust() {
    local tested
    tested=$(rust_version)
    [[ $(rustc --version) != "rustc $tested."* ]] || return 0
    has rustup || stop "the gate tests with Rust $tested, as Cargo.toml promises, and this is $(rustc --version); raise rust-version, or install $tested"
    rustup toolchain install "$tested" --profile minimal ||
        stop "the gate tests with Rust $tested, which rustup cannot install; raise rust-version in Cargo.toml, deploy/Dockerfile and README.md to the Rust that is here"
    export RUSTUP_TOOLCHAIN=$tested
}

# The compiler links the program, and compiles SQLite, ring and mimalloc.
need_c_compiler() {
    # On Windows that is the compiler of Visual Studio, which cargo finds without PATH.
    case $(uname -s) in MINGW* | MSYS* | CYGWIN*) return ;; esac
    has cc || stop "a C compiler (cc) is missing; run: apt-get install gcc libc6-dev (macOS: xcode-select --install)"
}

# What the tests need; installs the parts that Debian has.
need_toolchain() {
    need_rust
    need cc gcc libc6-dev
    need make make
}

# The scripts in Python read TOML with its standard library, which has it since 3.11.
need_python() {
    need python3 python3
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        stop "Python 3.11 or newer is needed, and python3 is '$(python3 --version 2>&1 | head -n 1)'; install a newer one (python.org, pyenv, uv) and put its folder first in PATH"
}

free_megabytes() { df -Pk "$target_folder" | awk 'NR == 2 { print int($4 / 1024) }'; }

# need_space PROFILE MEGABYTES: what a first build of the profile takes; later ones take little.
need_space() {
    local needed=$2 free
    [[ ! -d $target_folder/$1/deps ]] || needed=300
    mkdir -p "$target_folder" || stop "$target_folder cannot be written; name another folder with CARGO_TARGET_DIR"
    free=$(free_megabytes)
    ((free >= needed)) ||
        stop "the disk of $target_folder has $free MB left, and this build needs $needed; free some, or name another folder with CARGO_TARGET_DIR"
}

# cargo_build ARGUMENTS: builds, and says the reason of a failure where the messages of cargo hide it.
cargo_build() {
    local code=0
    cargo build --locked "$@" || code=$?
    ((code == 0)) || explain_failure "$@"
    return $code
}

explain_failure() {
    local lookup
    (($(free_megabytes) >= 100)) ||
        stop "the disk of $target_folder is full; free some, or name another folder with CARGO_TARGET_DIR"
    if [[ " $* " == *" --workspace "* ]]; then set -- --workspace; else set --; fi
    # Reads the crates of the same packages without a network.
    lookup=$(cargo tree --locked --offline "$@" 2>&1) && return
    [[ ! $lookup =~ offline\ (was\ specified|mode) ]] ||
        stop "crates are not downloaded yet and crates.io does not answer; connect to the network (or unset CARGO_NET_OFFLINE) and try again: later builds need none"
}
