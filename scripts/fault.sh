#!/bin/sh
# Lives through rounds of faults and looks whether an interview was lost: docs/faults.md.
#   scripts/fault.sh [ROUNDS [SEED]]
# Two processes share the rounds; their files lie in memory where there is room for that.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-1000}
seed=${2:-$(date +%s)000000}
[ -w /dev/shm ] && export TMPDIR=/dev/shm
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
go test -c -o "$tmp/fault.test" ./sync/fault
half=$((rounds / 2))
(cd sync/fault && "$tmp/fault.test" -test.run TestNothingIsLost -test.timeout 0 -test.v -fault.rounds "$half" -fault.seed "$seed") >"$tmp/first" 2>&1 &
first=$!
bad=0
(cd sync/fault && "$tmp/fault.test" -test.timeout 0 -test.v -fault.rounds $((rounds - half)) -fault.seed $((seed + half))) || bad=1
wait $first || bad=1
cat "$tmp/first"
exit $bad
