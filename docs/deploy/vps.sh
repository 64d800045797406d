#!/bin/sh
# /usr/local/sbin/vps: the vps command for root, run as the service's user and with the service's settings.
# Another folder can be named on the line: VPS_DATA_DIR=/var/lib/vps-drill vps audit
set -eu
folder=${VPS_DATA_DIR:-}
database=${VPS_DATABASE_URL:-}
if [ ! -r /etc/vps/env ]; then
  echo "There is no /etc/vps/env yet: see “Settings” in docs/run.md." >&2
  exit 2
fi
# Read, not run: a password may hold what a shell would obey.
while IFS= read -r line || [ -n "$line" ]; do
  case $line in VPS_*=*) export "${line?}" ;; esac
done < /etc/vps/env
# Another folder means another database too: a drill must never look at the real one and find it in order.
if [ -n "$folder" ]; then
  export VPS_DATA_DIR="$folder" VPS_DATABASE_URL="$database"
fi
[ -n "${VPS_DATABASE_URL:-}" ] || unset VPS_DATABASE_URL
# The user vps may not look into root's folders.
case $PWD in /root*) cd / ;; esac
exec runuser -u vps -- /srv/vps/venv/bin/vps "$@"
