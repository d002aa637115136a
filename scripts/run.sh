#!/bin/sh
# Starts a collector with something to see, and the field app enrolled: `make run`.
set -eu
cd "$(dirname "$0")/.."
data=${VEREDA_DATA:-vereda-data}
listen=${LISTEN:-127.0.0.1:8090}
export VEREDA_DATA="$data"

bin/vereda serve --listen "$listen" --project "Demostración" 2>"$data.log" &
collector=$!
trap 'kill $collector 2>/dev/null; wait $collector 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
tries=0
until grep -q '^dashboard: ' "$data.log"; do
	tries=$((tries + 1))
	if ! kill -0 $collector 2>/dev/null || [ $tries -gt 300 ]; then
		cat "$data.log" >&2
		exit 1
	fi
	sleep 0.1
done
address=$(sed -n 's/^dashboard: //p' "$data.log")

if ! grep -q '^password: ' "$data.log"; then # not the first start: the old password is known to nobody but its owner
	bin/vereda user passwd admin >"$data.password"
else
	grep -E '^(user|password): ' "$data.log" >"$data.password"
fi
if ! bin/vereda device list | grep -q enumerator; then
	echo "Three tablets go to the field for a moment ..."
	bin/vereda simulate --server "$address" --devices 3 --interviews 30 --conflicts 0.05 --seed 7
fi

echo
echo "Dashboard: $address"
cat "$data.password"
rm -f "$data.password"
echo "Field app's data: $data/field"
echo
if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
	echo "There is no display, so the field app was not opened; the collector goes on (Ctrl-C ends it)."
	echo "To see the app: run this in a desktop session, or through ssh -X, or with a virtual one:"
	echo "  apt-get install xvfb x11vnc; xvfb-run -s '-screen 0 900x1400x24' make run"
	wait $collector
else
	mkdir -p "$data/field"
	invitation=$(bin/vereda invite | head -n 1)
	bin/vereda-field -data "$data/field" -invite "$invitation" -name "Demostración"
	echo "The field app was closed; the collector goes on (Ctrl-C ends it)."
	wait $collector
fi
