#!/usr/bin/env bash
# Serves the interface where there is no display, and says where it is.
# usage: serve.sh PATH-OF-HEJIE
set -euo pipefail

listen=${HEJIE_LISTEN:-127.0.0.1:8686}
echo "没有显示器，改为在浏览器中使用；按 Ctrl-C 结束。" >&2
echo "There is no display here: the interface is served to a browser. Ctrl-C ends it." >&2

# The first line that serve prints says where it listens.
exec "$1" serve --json --listen "$listen" > >(
	while IFS= read -r line; do
		address=$(sed -n 's/.*"listen":"\([^"]*\)".*/\1/p' <<<"$line")
		echo "${address:-$line}"
	done
)
