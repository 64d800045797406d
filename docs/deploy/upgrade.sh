#!/bin/sh
# sh /srv/vps/app/docs/deploy/upgrade.sh: to the newest release, with a backup first and the shop closed for some seconds.
# Begun again after something failed, it goes on where it stopped. "back" as its only word: back to the release and the books before.
set -eu

state=/srv/vps/before     # the commit and the backup that the way back leads to
open=/srv/vps/upgrading   # there while an upgrade has begun and not ended

# All of it is read before anything is done: the file itself may be exchanged on the way.
upgrade() {
  cd /srv/vps/app
  git fetch --quiet
  if [ ! -e "$open" ]; then
    if [ "$(git rev-parse HEAD)" = "$(git rev-parse '@{upstream}')" ]; then
      echo "This is the newest release."
      return
    fi
    no_changes_of_ours
    git --no-pager log --oneline '..@{upstream}'
    trap 'systemctl start vps-web vps-worker; echo "The upgrade failed before anything was changed; the shop is open again." >&2' EXIT
    systemctl stop vps-web vps-worker
    systemctl start vps-backup
    backup=$(find /var/backups/vps -name 'vps-*.db' -o -name 'vps-*.dump' | sort | tail -n 1)
    printf 'commit=%s\nbackup=%s\n' "$(git rev-parse HEAD)" "$backup" > "$state.new"
    git merge --ff-only --quiet '@{upstream}'
    mv "$state.new" "$state"
    touch "$open"
  fi
  trap 'echo "The upgrade failed, and the shop is closed. Mend it and type the same again, or go back: sh $0 back" >&2' EXIT
  systemctl stop vps-web vps-worker
  install_program
  vps init
  systemctl start vps-web vps-worker
  trap - EXIT
  rm "$open"
  vps audit
  . "$state"
  changed=$(git diff --name-only "$commit" -- docs/deploy)
  if [ -n "$changed" ]; then
    echo "These have changed; compare them with yours and copy them again, as in steps 2, 3, 5 and 6 of docs/run.md:"
    echo "$changed"
  fi
}

back() {
  if [ ! -r "$state" ]; then
    echo "There is no upgrade to go back from." >&2
    exit 2
  fi
  . "$state"
  cd /srv/vps/app
  no_changes_of_ours
  trap 'echo "The way back failed, and the shop is closed." >&2' EXIT
  systemctl stop vps-web vps-worker
  git reset --hard --quiet "$commit"
  install_program
  case $backup in
    *.db)
      aside=/var/lib/vps/aside-$(date -u +%Y%m%d-%H%M%S)
      install -d -o vps -g vps -m 700 "$aside"
      find /var/lib/vps -maxdepth 1 -name 'vps.db*' -exec mv -t "$aside" {} +
      vps restore "$backup" --into /var/lib/vps
      ;;
    *)
      aside=vps_aside_$(date -u +%Y%m%d_%H%M%S)
      cd /
      runuser -u postgres -- psql --quiet --command "ALTER DATABASE vps RENAME TO $aside"
      runuser -u postgres -- createdb --owner=vps --encoding=UTF8 --template=template0 vps
      runuser -u vps -- pg_restore --no-owner --dbname=vps "$backup"
      vps audit
      ;;
  esac
  systemctl start vps-web vps-worker
  trap - EXIT
  rm -f "$open" "$state"
  echo "The books stand at $backup; those of the newer release were put aside: $aside"
}

no_changes_of_ours() {
  if ! git diff --quiet HEAD; then
    echo "Files of the program were changed on this machine. Put the changes aside first (git stash), or they would be lost:" >&2
    git status --short >&2
    exit 2
  fi
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
