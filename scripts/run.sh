#!/bin/sh
# Starts a collector with something to see, and the field app enrolled: `make run`.
# VEREDA_DATA names the folder of everything that is kept (vereda-data), LISTEN the collector's address (127.0.0.1:8090).
set -eu
umask 077 # the collector's first words hold a password
cd "$(dirname "$0")/.."
export VEREDA_DATA="${VEREDA_DATA:-vereda-data}"
listen=${LISTEN:-127.0.0.1:8090}
log=$VEREDA_DATA/collector.log
collector="" app=""

finish() {
	trap '' HUP INT TERM
	for p in $app $collector; do
		kill "$p" 2>/dev/null || true
	done
	wait
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

mkdir -p "$VEREDA_DATA"
: >"$log"
bin/vereda serve --listen "$listen" --project "Demostración" 2>>"$log" &
collector=$!
tries=0
until grep -q '^dashboard: ' "$log"; do
	tries=$((tries + 1))
	if ! kill -0 $collector 2>/dev/null || [ $tries -gt 300 ]; then
		cat "$log" >&2
		echo "run: the collector did not start. On another port: LISTEN=127.0.0.1:8091 make run" >&2
		exit 1
	fi
	sleep 0.1
done
address=$(sed -n 's/^dashboard: //p' "$log")

user=$(grep -E '^(user|password): ' "$log") || # or it is not the first start: only a digest of the old password is kept
	user=$(bin/vereda user passwd admin)
if ! bin/vereda device list | grep -q enumerator; then
	echo "Three tablets go to the field for a moment ..."
	bin/vereda simulate --server "$address" --devices 3 --interviews 30 --conflicts 0.05 --seed 7
fi

echo
echo "dashboard: $address"
echo "$user"
echo "data: $VEREDA_DATA (the field app's: $VEREDA_DATA/field)"
echo
if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
	echo "There is no display, so the field app was not opened. To see it, use a desktop session or ssh -X, or a virtual one:"
	echo "  apt-get install xvfb xauth; xvfb-run -s '-screen 0 900x1400x24' make run"
else
	echo "The field app opens in a window."
	mkdir -p "$VEREDA_DATA/field"
	bin/vereda-field -data "$VEREDA_DATA/field" -invite "$(bin/vereda invite | head -n 1)" -name "Demostración" &
	app=$!
	if wait $app; then
		echo "The field app was closed."
	else
		echo "The field app ended with an error (display: ${WAYLAND_DISPLAY:-$DISPLAY})." >&2
	fi
	app=""
fi
echo "The collector goes on; Ctrl-C ends it."
wait $collector || {
	tail -n 5 "$log" >&2
	echo "run: the collector ended" >&2
	exit 1
}
