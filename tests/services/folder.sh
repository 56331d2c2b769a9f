# shellcheck shell=bash
# One temporary folder for everything that a run starts, with what its services ask for.

folder=$(mktemp -d "${TMPDIR:-/tmp}/caunoi-tests.XXXXXX")
# PostgreSQL's files belong to another user where the caller is root, who must reach them.
chmod 711 "$folder"

random_word() { head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# A port on which nothing listens, below the range from which the kernel takes its own.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s' "$port"
            return
        fi
    done
}
