#!/bin/sh
# Takes a step that was only half written off the end of Redis's append-only file. To run before each start of a Redis that has
# `aof-load-truncated no`: see guide.md beside this. Usage: mend-aof.sh /var/lib/redis
#
# A Redis that was killed, or whose machine lost its power, in the middle of a write leaves half a step. With `aof-load-truncated yes` Redis 7
# cuts off only its last command and leaves the others, which nobody was told had happened, to have their effect at the start after
# next: messages doubled or never answered (seen with 7.0.15; Valkey's pull request 4342 of August 2026 describes and mends it).
set -eu
check=${CHECK_AOF:-redis-check-aof}
manifest=${1:?which folder is Redis\'s?}/appendonlydir/appendonly.aof.manifest
most=16777216 # bytes: more than one write has; a file that is broken further up is for a person to look at

[ -e "$manifest" ] || exit 0
if found=$("$check" "$manifest" 2>&1); then exit 0; fi
half=$(printf '%s\n' "$found" | sed -n 's/.* diff=\([0-9]*\).*/\1/p' | tail -n 1)
if [ "${half:-$most}" -ge "$most" ]; then
  printf '%s\n' "$found" >&2
  echo "The append-only file is broken, and not only at its end: nothing was changed." >&2
  exit 1
fi
echo y | "$check" --fix "$manifest" >&2
