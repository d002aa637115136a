#!/bin/sh
# The pictures of the README, taken of the real programs while the end-to-end tests use them.
set -eu
cd "$(dirname "$0")/.."
mkdir -p docs/pictures
PICTURES="$(pwd)/docs/pictures" CGO_ENABLED=0 go test -count=1 -tags e2e -run 'Travels|Coordinator' ./fyne-app/e2e
ls -l docs/pictures
