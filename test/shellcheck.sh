#!/bin/bash
# Every shell script of the project through shellcheck, which is installed first where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v shellcheck >/dev/null; then
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "shellcheck is missing: install it with your package manager" >&2
    exit 1
  fi
  echo "installing shellcheck"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends shellcheck >/dev/null
fi
# Not from git: a tree without it, from a tarball, is checked as well.
{ find . -path ./node_modules -prune -o -name '*.sh' -print0; printf '.ci/run\0bin/reseed\0'; } | xargs -0 -P "$(nproc)" -n 40 shellcheck
