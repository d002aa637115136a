#!/bin/sh
# Runs each fuzz target for some seconds: scripts/fuzz.sh 10
# What is found is made small for a moment only: making small all that merely leads to new lines would take most of the time.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-10}
export CGO_ENABLED=0
for package in $(go list -tags ci ./...); do
	for target in $(go test -tags ci -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "$package $target"
		go test -tags ci -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" -fuzzminimizetime 100x "$package"
	done
done
