#!/bin/sh
# 50 interviews of the built-in questionnaire over a bad rural link (64 kbit/s, 600 ms, 2 % loss), with TLS. Needs root: the link is
# a network namespace that ../shared/tools/badlink makes; traffic never leaves the machine.
#   scripts/bench-link.sh [SEEDS]     one line a seed of the losses
set -eu
cd "$(dirname "$0")/.."
seeds=${1:-"1 2 3 4 5"}
link=../shared/tools/badlink
if [ ! -d $link ] || [ "$(id -u)" != 0 ]; then
	echo "bench-link: needs root and $link beside the checkout" >&2
	exit 1
fi
command -v ip >/dev/null || apt-get install -y -qq --no-install-recommends iproute2 >/dev/null
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd $link && go build -o "$tmp/badlink" .)
vereda=$(pwd)/bin/vereda

for seed in $seeds; do
	rm -rf "$tmp/data" "$tmp/tablets" "$tmp/log" "$tmp/log2"; touch "$tmp/log" "$tmp/log2"
	# The tablet enrols and captures on loopback; only the sending crosses the link.
	"$vereda" serve --data "$tmp/data" --listen 127.0.0.1:0 --tls on 2>"$tmp/log" &
	collector=$!
	until grep -q '^dashboard: ' "$tmp/log"; do sleep 0.1; done
	"$vereda" simulate --server "$(sed -n 's/^dashboard: //p' "$tmp/log")" --data "$tmp/data" --devices 1 --interviews 50 \
		--conflicts 0 --seed "$seed" --keep "$tmp/tablets" --hold >/dev/null
	kill $collector
	wait $collector || true

	cat >"$tmp/send.sh" <<-SEND
	#!/bin/sh
	"$vereda" serve --data "$tmp/data" --listen 10.231.0.1:8443 --tls on 2>"$tmp/log2" &
	collector=\$!
	until grep -q "^dashboard: " "$tmp/log2"; do sleep 0.1; done
	ip netns exec rural "$vereda" tablet send "$tmp"/tablets/*.db --server https://10.231.0.1:8443
	kill \$collector
	wait \$collector || true
	SEND
	chmod +x "$tmp/send.sh"
	echo "seed $seed"
	"$tmp/badlink" -rate 64000 -rtt 600ms -loss 0.02 -seed "$seed" -- "$tmp/send.sh"
done
