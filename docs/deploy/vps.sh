#!/bin/sh
# /usr/local/sbin/vps: the vps command for root, run as the service's user and with the service's settings.
# Another folder can be named on the line: VPS_DATA_DIR=/var/lib/vps-drill vps audit
set -eu
folder=${VPS_DATA_DIR:-}
database=${VPS_DATABASE_URL:-}
set -a
. /etc/vps/env
# Another folder means another database too: a drill must never look at the real one and find it in order.
if [ -n "$folder" ]; then
  VPS_DATA_DIR=$folder
  VPS_DATABASE_URL=$database
fi
[ -n "${VPS_DATABASE_URL:-}" ] || unset VPS_DATABASE_URL
set +a
cd /
exec runuser -u vps -- /srv/vps/venv/bin/vps "$@"
