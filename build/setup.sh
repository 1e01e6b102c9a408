#!/usr/bin/env bash
# Checks and installs what the targets of the Makefile need.
#
#   setup.sh versions            fail with a sentence where Go or Node is too old
#   setup.sh has GROUP           succeed where nothing of the group is missing
#   setup.sh install GROUP...    install what is missing (Debian and its kin)
#
# Running it again changes nothing once all is there. Groups: desktop (libraries
# of the window), browser (Chromium), window (a display without a screen), checks
# (programs that tests compare with).
set -euo pipefail

least_go=1.26
least_node=20

fail() {
	echo "setup: $*" >&2
	exit 1
}

# at_least HAVE WANT compares versions number by number.
at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

check_versions() {
	command -v go >/dev/null ||
		fail "Go $least_go or newer is needed and was not found. Install it from go.dev and put its bin folder on PATH."
	local go_version node_version
	# Asked from outside the module, so that an old Go answers instead of
	# refusing the module's version.
	go_version=$(cd / && go env GOVERSION 2>/dev/null || true)
	go_version=${go_version#go}
	go_version=${go_version%% *}
	at_least "${go_version:-0}" "$least_go" ||
		fail "Go $least_go or newer is needed; this is ${go_version:-unknown} at $(command -v go). Install a newer one from go.dev (Debian's own is too old)."
	command -v node >/dev/null && command -v npm >/dev/null ||
		fail "Node $least_node or newer with npm is needed and was not found. Install it from nodejs.org."
	node_version=$(node --version)
	at_least "${node_version#v}" "$least_node" ||
		fail "Node $least_node or newer is needed; this is $node_version at $(command -v node). Install a newer one from nodejs.org (Debian's own is too old)."
}

packages() {
	case $1 in
	desktop) echo gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev ;;
	browser) echo chromium fonts-noto-cjk ;;
	checks) echo openssl ;;
	window) echo xvfb xdotool imagemagick dbus fonts-noto-cjk ;;
	*) fail "no such group: $1" ;;
	esac
}

# missing GROUP... prints the packages that are not there.
missing() {
	local group package
	for group in "$@"; do
		for package in $(packages "$group"); do
			present "$package" || echo "$package"
		done
	done | sort -u
}

# present PACKAGE looks for what the package brings, so that machines where it
# came another way are left alone.
present() {
	case $1 in
	gcc | pkg-config | xdotool | chromium | openssl) command -v "$1" >/dev/null ;;
	libc6-dev) [ -e /usr/include/stdlib.h ] || dpkg_has "$1" ;;
	libgtk-3-dev) pkg-config --exists gtk+-3.0 2>/dev/null ;;
	libwebkit2gtk-4.1-dev) pkg-config --exists webkit2gtk-4.1 2>/dev/null ;;
	xvfb) command -v Xvfb >/dev/null ;;
	imagemagick) command -v import >/dev/null && command -v convert >/dev/null ;;
	dbus) command -v dbus-run-session >/dev/null ;;
	fonts-noto-cjk) fc-list 2>/dev/null | grep -q 'Noto Sans CJK' ;;
	*) dpkg_has "$1" ;;
	esac
}

dpkg_has() {
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

install_groups() {
	local list sudo=()
	mapfile -t list < <(missing "$@")
	[ "${#list[@]}" -gt 0 ] || return 0
	command -v apt-get >/dev/null ||
		fail "these are missing and apt-get is not here to install them: ${list[*]}"
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			fail "these are missing: ${list[*]}. Install them as root: apt-get install ${list[*]}"
		sudo=(sudo)
	fi
	echo "setup: installing ${list[*]}"
	"${sudo[@]}" apt-get update -qq ||
		echo "setup: the package lists could not be renewed; going on with those that are here" >&2
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends "${list[@]}" >/dev/null ||
		fail "apt-get could not install: ${list[*]}"
}

case ${1:-} in
versions) check_versions ;;
has) [ -z "$(missing "$2")" ] ;;
install)
	shift
	install_groups "$@"
	;;
*) fail "usage: setup.sh versions | has GROUP | install GROUP..." ;;
esac
