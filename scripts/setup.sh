#!/bin/sh
# Brings this machine to where the npm scripts work: the npm packages (Node 24 is one of them) and
# redis-server. Every script runs it first, so it is silent, and done at once, when nothing is missing.
# With the argument `chromium` it brings a browser too: the tests of the page need one, and nothing else does. With
# `packages` it brings the npm packages and nothing else: what starts no service needs no more. With the name of a guest, an
# implementation that has a package.json of its own, it brings that one's packages too.
# Exit codes: 0 ready, 64 for an argument that is none of these, 70 something is missing and could not be installed.
set -eu
cd "$(dirname "$0")/.."

wanted=${1:-}
lock=.setup.lock
log=

say() {
  printf 'setup: %s\n' "$1" >&2
}

# fail CAUSE FIX: ends the set-up; the end of the failed command's log, if there is one, stands between the two.
fail() {
  say "$1"
  if [ -s "$log" ]; then
    tail -n 15 "$log" | sed 's/^/  | /' >&2
  fi
  say "to fix it: $2"
  exit 70
}

guests() {
  for file in implementations/*/package.json; do
    [ ! -f "$file" ] || basename "$(dirname "$file")"
  done
}

# packages_are_current FOLDER
packages_are_current() {
  [ -f "$1/node_modules/.package-lock.json" ] &&
    [ -z "$(find "$1/package-lock.json" -newer "$1/node_modules/.package-lock.json")" ]
}

guest_is_there() {
  [ -z "$guest" ] || packages_are_current "$guest"
}

node_is_24() {
  version=$(PATH="node_modules/.bin:$PATH" && node -v 2>/dev/null) || version=none
  major=${version#v}
  major=${major%%.*}
  [ "$major" -ge 24 ] 2>/dev/null
}

redis_is_there() {
  [ "$wanted" != packages ] || return 0
  command -v redis-server >/dev/null
}

# The same names as in harness/report/page/chromium.ts.
browser_is_there() {
  [ "$wanted" = chromium ] || return 0
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  for name in Chromium "Google Chrome"; do
    if [ -x "/Applications/$name.app/Contents/MacOS/$name" ]; then return 0; fi
  done
  return 1
}

# A link is made in one atomic step and carries its owner's process id, so a dead owner is seen.
take_lock() {
  [ -w . ] || fail "$(pwd) is not writable" "make it writable, or clone the repository elsewhere"
  waited_s=0
  unread=0
  while ! ln -s "$$" "$lock" 2>/dev/null; do
    if ! owner=$(readlink "$lock"); then
      # Let go of in between; or it is no link, and none can be made.
      unread=$((unread + 1))
      [ "$unread" -lt 100 ] || fail "no symbolic link can be made at $(pwd)/$lock" \
        "remove what stands there, or clone to a file system that has symbolic links"
      continue
    fi
    if ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$lock"
      continue
    fi
    [ "$waited_s" -gt 0 ] || say "waiting for another set-up of this folder (process $owner)"
    [ "$waited_s" -lt 600 ] || fail "process $owner has held $lock for ten minutes" "end it, or remove $lock"
    sleep 1
    waited_s=$((waited_s + 1))
  done
}

leave() {
  rm -f "$log"
  if [ "$(readlink "$lock" 2>/dev/null)" = "$$" ]; then
    rm -f "$lock"
  fi
}

# install_packages FOLDER
install_packages() (
  # npm must not run on the Node inside the folder that it is about to replace.
  PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v 'node_modules/\.bin$' | paste -sd: -)
  command -v npm >/dev/null || fail "npm is not on PATH" "install Node.js 20 or newer, which brings npm"
  say "installing the npm packages$([ "$1" = . ] || echo " of $1") (npm ci)"
  cd "$1"
  npm ci --no-audit --no-fund >"$log" 2>&1 ||
    fail "npm ci failed; it said:" "mend what it says (often the network), then run this again"
)

# as_root COMMAND…: asks for a password only where somebody can type one.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# install_package WHAT APT_PACKAGE BREW_WORDS: with the system's package manager, whichever it is.
install_package() {
  : >"$log"
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then
    say "installing $1 (apt-get)"
    # One broken package source makes the update fail and may not matter: the install tells.
    as_root apt-get update -q >"$log" 2>&1 || true
    # RUNLEVEL=1 keeps SysV init from starting a service; systemd is dealt with where there is one.
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends \
      -o DPkg::Lock::Timeout=120 "$2" >>"$log" 2>&1 ||
      fail "apt-get could not install $1; it said:" "mend what it says, or install $1 by hand"
  elif command -v brew >/dev/null; then
    say "installing $1 (brew)"
    # shellcheck disable=SC2086 # several words
    brew install $3 >"$log" 2>&1 || fail "brew could not install $1; it said:" "mend what it says, or install $1 by hand"
  else
    fail "$1 is missing, and there is neither apt-get with root rights nor brew to install it" \
      "install $1 so that it is on PATH"
  fi
}

install_redis() {
  install_package "redis-server 7" redis-server redis
  if [ -d /run/systemd/system ] && systemctl is-active --quiet redis-server; then
    say "stopping the redis-server service that the package started: the harness starts its own"
    as_root systemctl disable --now redis-server >>"$log" 2>&1 || true
  fi
  redis_is_there || fail "redis-server was installed and is still not on PATH" "add its folder to PATH"
}

install_browser() {
  install_package Chromium chromium "--cask google-chrome"
  browser_is_there || fail "Chromium was installed and is still not on PATH" "add its folder to PATH"
}

guest=
case $wanted in
  "" | packages | chromium) ;;
  *)
    guest=implementations/$wanted
    if [ ! -f "$guest/package.json" ]; then
      say "there is nothing to set up by the name $wanted"
      say "to fix it: choose from packages, chromium$(guests | sed 's/^/, /' | tr -d '\n')"
      exit 64
    fi
    ;;
esac

if packages_are_current . && node_is_24 && redis_is_there && browser_is_there && guest_is_there; then
  exit 0
fi

trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
take_lock
log=$(mktemp)
packages_are_current . || install_packages .
: >"$log"
node_is_24 || fail "the npm package 'node' did not bring Node 24 or newer (node is: $version)" \
  "let npm run install scripts (npm config get ignore-scripts must say false), remove node_modules, run this again"
redis_is_there || install_redis
browser_is_there || install_browser
guest_is_there || install_packages "$guest"
