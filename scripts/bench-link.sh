#!/bin/sh
# Fieldwork with the built-in questionnaire over a bad rural link (64 kbit/s, 600 ms, 2 % loss): 50 interviews with TLS, one interview with TLS, and
# a photo of 300 kB that is interrupted five times, and the same 50 as OpenRosa submissions, one request an interview. Needs root: the link is a network
# namespace that ../shared/tools/badlink makes; traffic never leaves the machine.
#   scripts/bench-link.sh [SEEDS [SEEDS OF OPENROSA [SEEDS OF THE PHOTO]]]     seeds of the losses; the others go over the link for a minute or two each
set -eu
cd "$(dirname "$0")/.."
seeds=${1:-"1 2 3 4 5"}
others=${2:-"1"}
photos=${3:-"1 2"}
link=../shared/tools/badlink
if [ ! -d $link ] || [ "$(id -u)" != 0 ]; then
	echo "bench-link: needs root and $link beside the checkout" >&2
	exit 1
fi
command -v ip >/dev/null || apt-get install -y -qq --no-install-recommends iproute2 >/dev/null
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd $link && go build -o "$tmp/badlink" .)
go build -o "$tmp/openrosa" ./scripts/openrosa
vereda=$(pwd)/bin/vereda

# capture SEED N: a tablet enrols and captures N interviews on loopback; only the sending crosses the link.
capture() {
	rm -rf "$tmp/data" "$tmp/tablets" "$tmp/log"; touch "$tmp/log"
	"$vereda" serve --data "$tmp/data" --listen 127.0.0.1:0 --tls on 2>"$tmp/log" &
	collector=$!
	until grep -q '^dashboard: ' "$tmp/log"; do sleep 0.1; done
	"$vereda" simulate --server "$(sed -n 's/^dashboard: //p' "$tmp/log")" --data "$tmp/data" --devices 1 --interviews "$2" \
		--conflicts 0 --seed "$1" --keep "$tmp/tablets" --hold >/dev/null
	kill $collector
	wait $collector || true
}

# across SEED: runs $tmp/send.sh with the link there; it prints what it did, and the link what crossed it.
across() {
	chmod +x "$tmp/send.sh"
	"$tmp/badlink" -rate 64000 -rtt 600ms -loss 0.02 -seed "$1" -- "$tmp/send.sh"
}

# vereda_over SEED N
vereda_over() {
	capture "$1" "$2"
	rm -f "$tmp/log2"; touch "$tmp/log2"
	cat >"$tmp/send.sh" <<-SEND
	#!/bin/sh
	"$vereda" serve --data "$tmp/data" --listen 10.231.0.1:8443 --tls on 2>"$tmp/log2" &
	collector=\$!
	until grep -q "^dashboard: " "$tmp/log2"; do sleep 0.1; done
	ip netns exec rural "$vereda" tablet send "$tmp"/tablets/*.db --server https://10.231.0.1:8443
	kill \$collector
	wait \$collector || true
	SEND
	across "$1"
}

# openrosa_over SEED SCHEME TLS ONCE
openrosa_over() {
	cat >"$tmp/send.sh" <<-SEND
	#!/bin/sh
	"$tmp/openrosa" receive 10.231.0.1:8444 $3 &
	receiver=\$!
	sleep 0.5
	ip netns exec rural "$tmp/openrosa" send $2://10.231.0.1:8444/submission "$tmp"/tablets/*.db $4
	kill \$receiver
	wait \$receiver 2>/dev/null || true
	SEND
	across "$1"
}

# photographed SEED: a tablet whose answers are at the collector already, and which has a photo of 300 kB to send.
photographed() {
	capture "$1" 0
	"$tmp/openrosa" photo "$tmp"/tablets/*.db 300000
	touch "$tmp/log3"
	"$vereda" serve --data "$tmp/data" --listen 127.0.0.1:0 --tls on 2>"$tmp/log3" &
	collector=$!
	until grep -q '^dashboard: ' "$tmp/log3"; do sleep 0.1; done
	"$vereda" tablet send "$tmp"/tablets/*.db --hold --server "$(sed -n 's/^dashboard: //p' "$tmp/log3")" >/dev/null
	kill $collector
	wait $collector || true
	rm "$tmp/log3"
}

# photo_over SEED KIND: what interrupts it whenever 50 kB more have come.
#   cut: the connection, at the collector       tablet: kill -9 of the program that sends, and it is started again
#   dead: the link is down for ten seconds      collector: kill -9 of the collector, and it is started again
photo_over() {
	photographed "$1"
	cat >"$tmp/send.sh" <<-SEND
	#!/bin/sh
	serve() {
		: >"$tmp/log2"
		"$vereda" serve --data "$tmp/data" --listen 10.231.0.1:8443 --tls on 2>"$tmp/log2" &
		collector=\$!
		until grep -q "^dashboard: " "$tmp/log2"; do sleep 0.1; done
	}
	send() {
		ip netns exec rural "$vereda" tablet send "$tmp"/tablets/*.db --server https://10.231.0.1:8443 &
		sender=\$!
	}
	there() { find "$tmp/data/media/uploads" -type f ! -name '*.info' -printf '%s\n' | sort -n | tail -1; }
	serve
	send
	for mark in 50000 100000 150000 200000 250000; do
		until [ "\$(there)0" -ge \${mark}0 ] || ! kill -0 \$sender; do sleep 0.05; done
		case $2 in
		cut) ss -K state established src 10.231.0.1 sport = :8443 >/dev/null ;;
		dead) ip -n rural link set bl1 down; sleep 10; ip -n rural link set bl1 up ;;
		tablet) kill -9 \$sender; wait \$sender; send ;;
		collector) kill -9 \$collector; wait \$collector; serve ;;
		esac
	done 2>/dev/null
	wait \$sender
	kill \$collector
	wait \$collector || true
	SEND
	across "$1" | tee "$tmp/crossed"
	sed -n 's/.*; up \([0-9]*\) bytes.*; down \([0-9]*\) bytes.*/\1 \2/p' "$tmp/crossed" |
		awk '{ printf "the size of the photo: %.3f times up, %.3f both ways\n", $1 / 300000, ($1 + $2) / 300000 }'
}

for seed in $seeds; do
	echo "vereda, TLS, seed $seed: 50 interviews"
	vereda_over "$seed" 50
done
for seed in $seeds; do
	echo "vereda, TLS, seed $seed: one interview"
	vereda_over "$seed" 1
done
for seed in $photos; do
	for kind in cut dead tablet collector; do
		echo "vereda, TLS, seed $seed: a photo of 300 kB, interrupted five times: $kind"
		photo_over "$seed" $kind
	done
done
for seed in $others; do
	capture "$seed" 50
	echo "OpenRosa, TLS, HEAD before each, seed $seed: 50 interviews"
	openrosa_over "$seed" https tls ""
	echo "OpenRosa, TLS, HEAD once, seed $seed: 50 interviews"
	openrosa_over "$seed" https tls once
	echo "OpenRosa, no TLS, HEAD once, seed $seed: 50 interviews"
	openrosa_over "$seed" http "" once
done
