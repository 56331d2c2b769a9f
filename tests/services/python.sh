# shellcheck shell=bash
# The Python clients that tests run, in an environment of their own.

# shellcheck source=tests/services/toolchain.sh
. tests/services/toolchain.sh

need_python_clients() {
    local folder=tests/audit/python
    need_python
    python3 -c 'import ensurepip' 2>/dev/null || install_packages "venv of Python" python3-venv
    cmp -s "$folder/requirements.txt" "$folder/.venv/requirements.txt" && return
    python3 -m venv --clear "$folder/.venv"
    "$folder/.venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$folder/requirements.txt" ||
        stop "the Python clients of the tests could not be installed from PyPI; check the network"
    # Last, so that an installation that was cut off is repeated.
    cp "$folder/requirements.txt" "$folder/.venv/requirements.txt"
}
