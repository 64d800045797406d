#!/bin/sh
# sh /srv/vps/app/docs/deploy/upgrade.sh: to the newest release, with a backup first and the shop closed for some seconds.
# sh /srv/vps/app/docs/deploy/upgrade.sh back: the old program again, and the books as the last upgrade found them.
set -eu
trap 'exit 130' HUP INT TERM  # so that Ctrl-C, too, says what is closed

before=/srv/vps/before          # the release and the backup to go back to; there from the first change on
unfinished=/srv/vps/unfinished  # there while an upgrade has begun and not ended

# All of it is read before anything is done: the file itself may be exchanged on the way.
upgrade() {
  cd /srv/vps/app
  git fetch --quiet
  if [ "$(git rev-parse HEAD)" = "$(git rev-parse '@{upstream}')" ] && [ ! -e "$unfinished" ]; then
    echo "This is the newest release."
    return
  fi
  must_be_clean
  git merge-base --is-ancestor HEAD '@{upstream}' || refuse "This checkout has commits of its own, and cannot follow."
  git --no-pager log --oneline '..@{upstream}'
  systemctl stop vps-web vps-worker
  if [ ! -e "$unfinished" ]; then
    rm -f "$before"
    trap 'systemctl start vps-web vps-worker; echo "No backup could be made, so nothing was changed, and the shop is open again." >&2' EXIT
    systemctl start vps-backup
    printf '%s\n%s\n' "$(git rev-parse HEAD)" "$(newest_backup)" > "$before"
    touch "$unfinished"
  fi
  trap 'echo "The upgrade stopped, and the shop is closed. Mend the cause and type the same again, or go back: sh $0 back" >&2' EXIT
  git merge --ff-only --quiet '@{upstream}'
  install_program
  vps init
  systemctl start vps-web vps-worker
  rm "$unfinished"
  trap - EXIT
  changed=$(git diff --name-only "$(head -n 1 "$before")" -- docs/deploy ':!docs/deploy/upgrade.sh' ':!docs/deploy/postgresql.lock')
  if [ -n "$changed" ]; then
    echo "These have changed; compare them with yours and copy them again, as in steps 2, 3, 5 and 6 of docs/run.md:"
    echo "$changed"
  fi
  vps audit
}

back() {
  [ -s "$before" ] || refuse "There is no upgrade to go back from."
  release=$(sed -n 1p "$before") backup=$(sed -n 2p "$before")
  [ -f "$backup" ] || refuse "The backup to go back to is not there: $backup"
  printf 'The books go back to %s; what was booked since is put aside. Type yes: ' "$backup"
  read -r answer
  [ "$answer" = yes ] || refuse "That was not yes."
  cd /srv/vps/app
  must_be_clean
  systemctl stop vps-web vps-worker
  trap 'echo "The way back stopped, and the shop is closed. Mend the cause and type the same again." >&2' EXIT
  git reset --hard --quiet "$release"
  install_program
  now=$(date -u +%Y%m%d-%H%M%S)
  if on_postgresql; then
    aside="the database vps_$now"
    cd /
    runuser -u postgres -- psql --quiet --command="ALTER DATABASE vps RENAME TO \"vps_$now\""
    runuser -u postgres -- createdb --owner=vps --encoding=UTF8 --template=template0 vps
    runuser -u vps -- pg_restore --no-owner --dbname=vps "$backup"
    vps audit
  else
    aside=/var/lib/vps/aside-$now
    install -d -o vps -g vps -m 700 "$aside"
    find /var/lib/vps -maxdepth 1 -name 'vps.db*' -exec mv -t "$aside" {} +
    vps restore "$backup" --into /var/lib/vps
  fi
  systemctl start vps-web vps-worker
  rm -f "$before" "$unfinished"
  trap - EXIT
  echo "The books stand at $backup; what was there before lies in $aside."
}

install_program() {
  /srv/vps/venv/bin/pip install --quiet --require-hashes -r requirements.lock
  /srv/vps/venv/bin/pip install --quiet --no-deps --no-build-isolation -e .
  if on_postgresql; then
    /srv/vps/venv/bin/pip install --quiet --require-hashes -r docs/deploy/postgresql.lock
  fi
  /srv/vps/venv/bin/python -m compileall -q vps
}

on_postgresql() { grep -q '^VPS_DATABASE_URL=postgresql' /etc/vps/env; }

newest_backup() {
  if on_postgresql; then suffix=dump; else suffix=db; fi
  find /var/backups/vps -maxdepth 1 -name "vps-*.$suffix" | sort | tail -n 1
}

must_be_clean() {
  [ -z "$(git status --porcelain --untracked-files=no)" ] || refuse "Files in /srv/vps/app were changed here; see: git -C /srv/vps/app diff"
}

refuse() {
  echo "$1 Nothing was done." >&2
  exit 2
}

case ${1:-} in
  '') upgrade ;;
  back) back ;;
  *) sed -n '2,3p' "$0"; exit 2 ;;
esac
exit
