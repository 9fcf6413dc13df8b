# Installs the Debian packages that a task needs, when any is missing. Sourced by the other scripts.
#
#   install_packages PACKAGE...

BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libhyperscan-dev libhyperscan5 libzmq3-dev libmsgpack-dev
libyaml-dev libpcre2-dev libsodium-dev libmicrohttpd-dev"
BENCHMARK_PACKAGES="g++ gnuplot-nox libre2-dev"
TEST_PACKAGES="libcmocka-dev libjansson-dev python3 python3-zmq python3-msgpack python3-yaml valgrind"

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done
}

install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian system: install the equivalents of these packages yourself:" "$@" >&2
        return 1
    fi
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    echo "Installing: $missing"
    if [ "$(id -u)" -eq 0 ]; then as_root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"
    else
        echo "These packages are missing and may not be installed by this user. Have an administrator run:" >&2
        echo "    apt-get install $missing" >&2
        return 1
    fi
    # Lists may be old or absent on a fresh machine; a failing update is told by the install behind it.
    $as_root apt-get update -qq >/dev/null 2>&1 || true
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/tmp/cordon-apt.$$ 2>&1; then
        cat /tmp/cordon-apt.$$ >&2
        rm -f /tmp/cordon-apt.$$
        echo "The packages could not be installed: $missing" >&2
        return 1
    fi
    rm -f /tmp/cordon-apt.$$
}
