# Sourced by install and run: the VS Codes to test in, by the versions of npm's code-server that hold them.
# shellcheck shell=bash disable=SC2034
#
# Today's runs on a Node of its own, which npm has as well; the other is the last on Node 20. npm has no VS Code that is nearer
# to the one that package.json promises and starts as this one does.
NEWEST=4.139.1
OLDEST=4.100.3
VERSIONS=("$NEWEST" "$OLDEST")
