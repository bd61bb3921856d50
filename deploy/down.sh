#!/usr/bin/env bash
# Stops what up.sh started: kilnd, which first finishes its jobs, then nats-server and dockerd.
# Servers that ran before up.sh are left alone.
#   --purge  also removes the images, build/ and /var/lib/kiln (KILN_STATE_DIR)
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/processes.sh
. deploy/lib/processes.sh
# shellcheck source=deploy/lib/services.sh
. deploy/lib/services.sh
# shellcheck source=deploy/lib/settings.sh
. deploy/lib/settings.sh

readonly drain_seconds=60
purge=0

case ${1:-} in
--purge) purge=1 ;;
"") ;;
*)
	sed -n '2,4s/^# //p' "$0" >&2
	exit 2
	;;
esac

stop_kilnd() {
	process_id kilnd >/dev/null || note "kilnd does not run"
	process_stop kilnd "$drain_seconds"
	rm -f "$state/kilnd.fingerprint"
}

stop_nats() {
	process_id nats-server >/dev/null || note "none was started by up.sh"
	process_stop nats-server 15
}

stop_docker() {
	[ -f "$state/dockerd.unit" ] || process_id dockerd >/dev/null || note "none was started by up.sh"
	docker_stop
}

remove_images() {
	local socket name
	socket=$(setting KILN_DOCKER_SOCKET /var/run/docker.sock)
	[ "$socket" = /var/run/docker.sock ] || export DOCKER_HOST=unix://$socket
	if ! docker_answers >/dev/null 2>&1; then
		note "no Docker daemon answers: its images are left"
		return 0
	fi
	for name in "$image" "${image%:*}:languages"; do
		docker image rm "$name" || true
	done
}

# What is removed here is only ever what up.sh makes.
remove_files() {
	echo "removes $top/build and $state"
	rm -rf --one-file-system "$top/build" "$state/jetstream" "$state/log"
	rm -f "$state"/{nats-server.conf,packages,lock}
	rmdir "$state" || echo "$state holds files of others and is left"
}

[ "$(id -u)" -eq 0 ] || die "This must run as root, as up.sh did: sudo $0"
[ -d "$state" ] || die "There is nothing to stop: $state does not exist."
state_open
trap step_abort EXIT
steps_total=$((purge ? 4 : 3))
[ ! -s "$state/packages" ] || packages=$(sort -u "$state/packages" | tr '\n' ' ')

step stop-kilnd "stops kilnd, which finishes its jobs first" "read $state/log/kilnd.log" stop_kilnd
[ "$purge" -eq 0 ] || step images "removes the images" "" remove_images
step stop-nats "stops the nats-server of up.sh" "" stop_nats
step stop-docker "stops the dockerd of up.sh" "read $state/log/dockerd.log" stop_docker
[ "$purge" -eq 0 ] || remove_files
[ -z "${packages:-}" ] || echo "Installed by up.sh and left: $packages"
