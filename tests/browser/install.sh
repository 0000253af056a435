#!/bin/sh
# Make sure a Chromium is there for the browser tests: the one without a window if it can be had, which draws the same
# pages in half the time, else any. Where none may be installed they are skipped, loudly.
set -u
command -v chromium-headless-shell >/dev/null 2>&1 && exit 0
installed() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" fonts-dejavu-core >/dev/null 2>&1
}
installed chromium-headless-shell && exit 0
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
installed chromium && exit 0
echo "No Chromium found and none could be installed: the browser tests will be skipped." >&2
exit 0
