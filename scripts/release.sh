#!/usr/bin/env bash
# Builds writ for release and prints where it is: without shared libraries and without any network where Debian's archives allow it,
# else with the machine's shared libgit2.
set -euo pipefail

archives_are_there() {
  local name
  for name in libgit2.a libyaml.a libpcre2-8.a libz.a libmbedcrypto.a; do
    # The compiler prints the bare name of a library that it does not find.
    [ "$(cc -print-file-name="$name")" != "$name" ] || return 1
  done
}

if archives_are_there && WRIT_STATIC=1 swift build -c release --product writ --static-swift-stdlib \
  -Xswiftc -static-executable --scratch-path .build/static >&2; then
  echo .build/static/release/writ
  exit
fi
echo "release: no static build on this machine, so libgit2 is linked as a shared library" >&2
swift build -c release --product writ --static-swift-stdlib >&2
echo .build/release/writ
