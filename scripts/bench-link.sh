#!/bin/sh
# Fieldwork with the built-in questionnaire over a bad rural link (64 kbit/s, 600 ms, 2 % loss): 50 interviews with TLS, one interview with TLS, and
# a photo of 300 kB that is interrupted five times; the same as OpenRosa submissions, one request an interview, begun anew after each interruption. Needs
# root: the link is a network namespace, "rural", that ../shared/tools/badlink makes; traffic never leaves the machine.
#   scripts/bench-link.sh [SEEDS [SEEDS OF OPENROSA [SEEDS OF THE PHOTO]]]     seeds of the losses; the others go over the link for some minutes each
# "" is what is usual, " " is none: scripts/bench-link.sh " " " " "1 2" measures the photo only.
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
if ip netns list | grep -q '^rural\b'; then
	if [ -e /sys/class/net/bl0 ]; then
		echo "bench-link: another one is under way" >&2
		exit 1
	fi
	ip netns del rural # of one that was killed
fi
tmp=$(mktemp -d)
crossing="" collector=""

# stop ends what is under way. The link takes its namespace away itself, once its command has ended.
stop() {
	[ -z "$collector" ] || kill $collector 2>/dev/null || true
	if [ -n "$crossing" ]; then
		kill "$(cat "$tmp/across")" 2>/dev/null || true
		wait $crossing || true
	fi
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 130' INT TERM
(cd $link && go build -o "$tmp/badlink" .)
go build -o "$tmp/openrosa" ./scripts/openrosa
make -s vereda
vereda=$(pwd)/bin/vereda

# capture SEED N: a tablet enrols and captures N interviews on loopback; only the sending crosses the link.
capture() {
	rm -rf "$tmp/data" "$tmp/tablets" "$tmp/log"; touch "$tmp/log"
	"$vereda" serve --data "$tmp/data" --listen 127.0.0.1:0 --tls on 2>"$tmp/log" &
	collector=$!
	until grep -q '^dashboard: ' "$tmp/log"; do kill -0 $collector || exit 1; sleep 0.1; done
	"$vereda" simulate --server "$(sed -n 's/^dashboard: //p' "$tmp/log")" --data "$tmp/data" --devices 1 --interviews "$2" \
		--conflicts 0 --seed "$1" --keep "$tmp/tablets" --hold >/dev/null
	kill $collector
	wait $collector || true
	collector=""
}

# across SEED: runs $tmp/send.sh with the link there; it prints what it did, and the link what crossed it. At its end, and when this script is told to end,
# what it began as collector and sender is ended.
across() {
	cat - "$tmp/send.sh" >"$tmp/whole.sh" <<-WHOLE
	#!/bin/sh
	echo \$\$ >"$tmp/across"
	trap 'kill \$sender \$collector 2>/dev/null; wait' EXIT
	trap 'exit 130' TERM
	WHOLE
	chmod +x "$tmp/whole.sh"
	"$tmp/badlink" -rate 64000 -rtt 600ms -loss 0.02 -seed "$1" -- "$tmp/whole.sh" >"$tmp/crossed" &
	crossing=$!
	wait $crossing
	crossing=""
	cat "$tmp/crossed"
}

# vereda_over SEED N
vereda_over() {
	capture "$1" "$2"
	rm -f "$tmp/log2"; touch "$tmp/log2"
	cat >"$tmp/send.sh" <<-SEND
	"$vereda" serve --data "$tmp/data" --listen 10.231.0.1:8443 --tls on 2>"$tmp/log2" &
	collector=\$!
	until grep -q "^dashboard: " "$tmp/log2"; do kill -0 \$collector || exit 1; sleep 0.1; done
	ip netns exec rural "$vereda" tablet send "$tmp"/tablets/*.db --server https://10.231.0.1:8443 &
	sender=\$!
	wait \$sender
	SEND
	across "$1"
}

# openrosa_over SEED SCHEME TLS ONCE
openrosa_over() {
	mkdir -p "$tmp/coming"
	cat >"$tmp/send.sh" <<-SEND
	"$tmp/openrosa" receive 10.231.0.1:8444 "$tmp/coming" $3 &
	collector=\$!
	sleep 0.5
	ip netns exec rural "$tmp/openrosa" send $2://10.231.0.1:8444/submission "$tmp"/tablets/*.db $4 &
	sender=\$!
	wait \$sender
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
	until grep -q '^dashboard: ' "$tmp/log3"; do kill -0 $collector || exit 1; sleep 0.1; done
	"$vereda" tablet send "$tmp"/tablets/*.db --hold --server "$(sed -n 's/^dashboard: //p' "$tmp/log3")" >/dev/null
	kill $collector
	wait $collector || true
	collector=""
	rm "$tmp/log3"
}

# vereda_ends and openrosa_ends write how the photo is sent: serve and send begin the two ends, there says how much of the photo has come. What was broken off
# begins anew with OpenRosa, and there is 0 until it does.
vereda_ends() {
	cat >"$tmp/ends.sh" <<-ENDS
	serve() {
		: >"$tmp/log2"
		"$vereda" serve --data "$tmp/data" --listen 10.231.0.1:8443 --tls on 2>"$tmp/log2" &
		collector=\$!
		until grep -q "^dashboard: " "$tmp/log2"; do kill -0 \$collector || exit 1; sleep 0.1; done
	}
	send() {
		ip netns exec rural "$vereda" tablet send "$tmp"/tablets/*.db --server https://10.231.0.1:8443 &
		sender=\$!
	}
	there() { find "$tmp/data/media/uploads" -type f ! -name '*.info' -printf '%s\n' | sort -n | tail -1; }
	broken() { :; }
	ENDS
}

openrosa_ends() {
	cat >"$tmp/ends.sh" <<-ENDS
	rm -rf "$tmp/coming"; mkdir "$tmp/coming"
	before=0
	serve() {
		"$tmp/openrosa" receive 10.231.0.1:8443 "$tmp/coming" tls &
		collector=\$!
		sleep 0.5
	}
	send() {
		ip netns exec rural "$tmp/openrosa" send https://10.231.0.1:8443/submission "$tmp"/tablets/*.db &
		sender=\$!
	}
	newest() { ls "$tmp/coming" | tail -1; }
	there() { now=\$(newest); [ "\${now:-0}" -gt \$before ] && stat -c %s "$tmp/coming/\$now"; }
	broken() { before=\$(newest); before=\${before:-0}; }
	ENDS
}

# photo_over SEED KIND: what interrupts it when 50, 100, 150, 200 and 250 kB have come.
#   cut: the connection, at the collector       tablet: kill -9 of the program that sends, and it is started again
#   dead: the link is down for ten seconds      collector: kill -9 of the collector, and it is started again
photo_over() {
	cat >"$tmp/send.sh" <<-SEND
	. "$tmp/ends.sh"
	serve
	send
	for mark in 50000 100000 150000 200000 250000; do
		until [ "\$(there)0" -ge \${mark}0 ] || ! kill -0 \$sender; do sleep 0.05; done
		case $2 in
		cut) broken; ss -K state established src 10.231.0.1 sport = :8443 >/dev/null ;;
		dead) ip -n rural link set bl1 down; sleep 10; ip -n rural link set bl1 up ;;
		tablet) broken; kill -9 \$sender; wait \$sender; send ;;
		collector) broken; kill -9 \$collector; wait \$collector; serve ;;
		esac
	done 2>/dev/null
	wait \$sender
	SEND
	across "$1"
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
		photographed "$seed"
		echo "OpenRosa, TLS, seed $seed: an interview with a photo of 300 kB, interrupted five times: $kind"
		openrosa_ends
		photo_over "$seed" $kind
		echo "vereda, TLS, seed $seed: a photo of 300 kB, interrupted five times: $kind"
		vereda_ends
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
