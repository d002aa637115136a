#!/bin/sh
# Installs the system packages that a task lacks, by name: scripts/setup.sh run|test|pictures
# Debian 12 and Ubuntu; with sudo when not root. On another system it says what is needed.
set -eu
task=${1:-run}

build="gcc libc6-dev pkg-config libgl-dev libegl-dev libgles-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev libwayland-dev libxkbcommon-dev"
show="libgl1-mesa-dri libegl1 libgles2"
window="xvfb xdotool x11-apps x11-xkb-utils"
case $task in
run) wanted="$build $show" ;;
test) wanted="$build $show $window chromium zstd" ;;
pictures) wanted="$build $show $window chromium imagemagick" ;;
*) echo "setup: unknown task $task" >&2; exit 2 ;;
esac

if ! command -v go >/dev/null 2>&1; then
	echo "setup: Go 1.26 or newer is needed: https://go.dev/doc/install" >&2
	exit 1
fi
if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
	cat >&2 <<-TEXT
	setup: this system has no apt-get, so nothing was installed. The field app needs a C compiler, pkg-config and the
	headers of OpenGL, EGL, GLES, X11 (Xcursor, Xrandr, Xinerama, Xi, Xxf86vm), Wayland and xkbcommon. The names on Debian:
	  $wanted
	With those installed by your system's own means, run with SETUP=skip. The collector alone needs only Go: make vereda
	TEXT
	exit 1
fi

missing=""
for p in $wanted; do
	case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null || true) in
	"install ok installed") ;;
	*) missing="$missing $p" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "setup: packages are missing, and there is no sudo. Ask an administrator to run:" >&2
		echo "  apt-get install --no-install-recommends$missing" >&2
		exit 1
	fi
	as_root=sudo
fi
echo "setup: installing$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends --no-upgrade $missing >/dev/null
