# shellcheck shell=bash
# PostgreSQL for the tests: the one that is given, the one that answers, or a private cluster.
# Sets CAUNOI_TEST_POSTGRES_URL.

: "${folder:?comes from folder.sh}"
postgres_oldest=15
postgres_bin=
postgres_data=

# True where a server answers at this URL, is new enough and lets us create databases.
postgres_serves() {
    local may
    may=$(PGCONNECT_TIMEOUT=3 psql -X -w -At -d "$1" 2>/dev/null -c "
        SELECT (rolsuper OR rolcreatedb) AND current_setting('server_version_num')::int >= ${postgres_oldest}0000
        FROM pg_roles WHERE rolname = current_user") && [[ $may == t ]]
}

postgres_that_answers() {
    local url me
    me=$(id -un)
    has psql || return 1
    for url in \
        "postgres://postgres@127.0.0.1:5432/postgres" \
        "postgres://$me@127.0.0.1:5432/postgres" \
        "postgres:///postgres?host=/var/run/postgresql&user=$me"; do
        if postgres_serves "$url"; then
            printf '%s' "$url"
            return
        fi
    done
    return 1
}

# The newest installed programs that are new enough; Debian keeps them out of PATH.
postgres_find_programs() {
    local bin version
    while read -r bin; do
        version=$("$bin/postgres" --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
        if [[ -x $bin/initdb && ${version:-0} -ge $postgres_oldest ]]; then
            postgres_bin=$bin
            return
        fi
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV; dirname "$(command -v postgres || echo /none/none)")
    return 1
}

# initdb and postgres refuse to run as root: then they belong to a user without rights.
postgres_owner() {
    if [[ $(id -u) != 0 ]]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

postgres_as_owner() (
    cd "$postgres_data" || exit 1
    if [[ $(id -u) == 0 ]]; then
        exec runuser -u "$(postgres_owner)" -- "$@"
    fi
    exec "$@"
)

postgres_start_private() {
    local port password
    if ! postgres_find_programs; then
        install_packages "PostgreSQL $postgres_oldest or newer" postgresql
        postgres_find_programs || stop "the postgresql package of this system is older than $postgres_oldest; set CAUNOI_TEST_POSTGRES_URL"
    fi
    port=$(free_port)
    password=$(random_word)
    postgres_data=$folder/postgres
    mkdir "$postgres_data"
    printf '%s\n' "$password" >"$folder/postgres.password"
    chmod 600 "$folder/postgres.password"
    chown "$(postgres_owner)" "$postgres_data" "$folder/postgres.password"
    postgres_as_owner "$postgres_bin/initdb" --pgdata="$postgres_data/cluster" --username=caunoi \
        --auth=scram-sha-256 --pwfile="$folder/postgres.password" --encoding=UTF8 --locale=C.UTF-8 --no-sync \
        >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; stop "initdb failed"; }
    # A cluster that lives for one run need not survive a power cut.
    postgres_as_owner "$postgres_bin/pg_ctl" start --wait --silent --pgdata="$postgres_data/cluster" \
        --log="$postgres_data/log" --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
        -c max_connections=300 -c fsync=off -c full_page_writes=off" >&2 ||
        { cat "$postgres_data/log" >&2; stop "the private PostgreSQL did not start"; }
    export CAUNOI_TEST_POSTGRES_URL="postgres://caunoi:$password@127.0.0.1:$port/postgres"
    say "PostgreSQL: private, port $port"
}

ensure_postgres() {
    local url
    if [[ -n ${CAUNOI_TEST_POSTGRES_URL:-} ]]; then
        say "PostgreSQL: as given by CAUNOI_TEST_POSTGRES_URL"
    elif [[ -z ${CAUNOI_TEST_PRIVATE_SERVICES:-} ]] && url=$(postgres_that_answers); then
        export CAUNOI_TEST_POSTGRES_URL=$url
        say "PostgreSQL: $url"
    else
        postgres_start_private
    fi
}

stop_postgres() {
    if [[ -n $postgres_data && -f $postgres_data/cluster/postmaster.pid ]]; then
        postgres_as_owner "$postgres_bin/pg_ctl" stop --silent --mode=immediate --pgdata="$postgres_data/cluster" >&2 || true
    fi
}
