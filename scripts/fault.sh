#!/bin/sh
# Lives through rounds of faults and looks whether an interview or a photo was lost: docs/faults.md.
#   scripts/fault.sh [ROUNDS [SEED [PROGRAMS]]]
# ROUNDS are in one process each, two processes share them; PROGRAMS, a hundredth of them if not given, are with real programs.
# Their files lie in memory where there is room for that.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-1000}
seed=${2:-$(date +%s)000000}
programs=${3:-$(((rounds + 99) / 100))}
[ -w /dev/shm ] && export TMPDIR=/dev/shm
export GOMEMLIMIT="${GOMEMLIMIT:-1GiB}" # archives are opened and closed by the thousand, and what they held is collected late
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
CGO_ENABLED=0 go test -c -o "$tmp/fault.test" ./sync/fault
cd sync/fault
half=$((rounds / 2))
"$tmp/fault.test" -test.run 'TestNothingIsLost$' -test.timeout 0 -test.v -fault.rounds "$half" -fault.seed "$seed" >"$tmp/first" 2>&1 &
first=$!
bad=0
"$tmp/fault.test" -test.timeout 0 -test.v -fault.rounds $((rounds - half)) -fault.programs "$programs" -fault.seed $((seed + half)) || bad=1
wait $first || bad=1
cat "$tmp/first"
exit $bad
