#!/bin/sh
# Runs each fuzz target for some seconds: scripts/fuzz.sh 10
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-10}
for package in $(go list ./survey/... ./sync/...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "$package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" "$package"
	done
done
