#!/bin/sh
# sh /srv/vps/app/docs/deploy/upgrade.sh: to the newest release, with a backup first and the shop closed for some seconds.
# It stops at the first thing that fails, and says how to go back. Read CHANGELOG.md before.
set -eu

# All of it is read before anything is done: the file itself may be exchanged on the way.
upgrade() {
  cd /srv/vps/app
  git fetch --quiet
  if [ "$(git rev-parse HEAD)" = "$(git rev-parse '@{upstream}')" ]; then
    echo "This is the newest release."
    return
  fi
  git --no-pager log --oneline '..@{upstream}'
  git rev-parse HEAD > /srv/vps/before
  systemctl stop vps-web vps-worker
  trap 'echo "The upgrade stopped, and the shop is closed. See “The way back” in docs/run.md." >&2' EXIT
  systemctl start vps-backup
  git merge --ff-only --quiet '@{upstream}'
  install_program
  vps init
  systemctl start vps-web vps-worker
  trap - EXIT
  vps audit
  changed=$(git diff --name-only "$(cat /srv/vps/before)" -- docs/deploy)
  if [ -n "$changed" ]; then
    echo "These have changed; compare them with yours and copy them again, as in steps 2, 3, 5 and 6 of docs/run.md:"
    echo "$changed"
  fi
}

back() {
  if grep -q '^VPS_DATABASE_URL=postgresql' /etc/vps/env; then
    echo "With PostgreSQL the way back goes by hand: see “With PostgreSQL” in docs/run.md." >&2
    exit 2
  fi
  systemctl stop vps-web vps-worker
  cd /srv/vps/app
  git reset --hard --quiet "$(cat /srv/vps/before)"
  install_program
  aside=/var/lib/vps/aside-$(date -u +%Y%m%d-%H%M%S)
  install -d -o vps -g vps -m 700 "$aside"
  mv /var/lib/vps/vps.db* "$aside/"
  newest=$(find /var/backups/vps -name 'vps-*.db' | sort | tail -n 1)
  vps restore "$newest" --into /var/lib/vps
  systemctl start vps-web vps-worker
  echo "The books stand at $newest; what was there before lies in $aside."
}

install_program() {
  /srv/vps/venv/bin/pip install --quiet --require-hashes -r requirements.lock
  /srv/vps/venv/bin/pip install --quiet --no-deps --no-build-isolation -e .
  if grep -q '^VPS_DATABASE_URL=postgresql' /etc/vps/env; then
    /srv/vps/venv/bin/pip install --quiet --require-hashes -r docs/deploy/postgresql.lock
  fi
  /srv/vps/venv/bin/python -m compileall -q vps
}

case ${1:-} in
  '') upgrade ;;
  back) back ;;
  *) sed -n '2,3p' "$0"; exit 2 ;;
esac
exit
