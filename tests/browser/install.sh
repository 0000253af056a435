#!/bin/sh
# Make sure a Chromium is there for the browser tests. Where it may not be installed they are skipped, loudly.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core \
        >/dev/null 2>&1 && exit 0
fi
echo "No Chromium found and none could be installed: the browser tests will be skipped." >&2
exit 0
