# shellcheck shell=bash
# Redis for the tests: the one that is given, the one that answers, or a private server.
# Sets CAUNOI_TEST_REDIS_URL.

: "${folder:?comes from folder.sh}"
redis_pid=

# redis_answers PORT [PASSWORD]: speaks the protocol itself, so no client needs to be installed.
redis_answers() {
    local answer
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
        printf '%sPING\r\nQUIT\r\n' "${2:+AUTH $2$'\r\n'}" >&3
        timeout 3 cat <&3
    )
    [[ $answer == *+PONG* ]]
}

redis_start_private() {
    local port password
    need redis-server redis-server
    port=$(free_port)
    password=$(random_word)
    mkdir "$folder/redis"
    # Settings go in by standard input: arguments can be read by every user of the machine.
    printf '%s\n' "bind 127.0.0.1" "port $port" "requirepass $password" "dir $folder/redis" 'save ""' "appendonly no" |
        redis-server - >"$folder/redis/log" 2>&1 &
    redis_pid=$!
    until redis_answers "$port" "$password"; do
        kill -0 "$redis_pid" 2>/dev/null || { cat "$folder/redis/log" >&2; stop "the private Redis did not start"; }
        sleep 0.1
    done
    export CAUNOI_TEST_REDIS_URL="redis://default:$password@127.0.0.1:$port"
    say "Redis: private, port $port"
}

ensure_redis() {
    if [[ -n ${CAUNOI_TEST_REDIS_URL:-} ]]; then
        say "Redis: as given by CAUNOI_TEST_REDIS_URL"
    elif [[ -z ${CAUNOI_TEST_PRIVATE_SERVICES:-} ]] && redis_answers 6379; then
        export CAUNOI_TEST_REDIS_URL=redis://127.0.0.1:6379
        say "Redis: $CAUNOI_TEST_REDIS_URL"
    else
        redis_start_private
    fi
}

stop_redis() {
    if [[ -n $redis_pid ]]; then
        kill "$redis_pid" 2>/dev/null || true
        wait "$redis_pid" 2>/dev/null || true
    fi
}
