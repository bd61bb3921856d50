#!/usr/bin/env bash
# From a fresh Debian or Ubuntu to an answer in every language: installs, builds, starts, and asks.
# What already is as it should be is left alone, so that a second run takes seconds. Logs and
# process ids lie in /var/lib/kiln (KILN_STATE_DIR); deploy/down.sh undoes it.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/packages.sh
. deploy/lib/packages.sh
# shellcheck source=deploy/lib/processes.sh
. deploy/lib/processes.sh
# shellcheck source=deploy/lib/services.sh
. deploy/lib/services.sh
# shellcheck source=deploy/lib/settings.sh
. deploy/lib/settings.sh

readonly programs=$top/build/release
readonly kilnd_ready_seconds=90
readonly drain_seconds=60
readonly hello_seconds=60
steps_total=7

nats_url=$(setting NATSURL nats://127.0.0.1:4222)
read -r nats_host nats_port < <(nats_address "$nats_url" && echo)
docker_socket=$(setting KILN_DOCKER_SOCKET /var/run/docker.sock)

# The docker client, kilnd and kiln are all told of the same servers.
export_addresses() {
	if [ "$docker_socket" != /var/run/docker.sock ]; then
		export DOCKER_HOST=unix://$docker_socket
	elif [[ ${DOCKER_HOST:-} == unix://* ]]; then
		docker_socket=${DOCKER_HOST#unix://}
	fi
	export NATSURL=$nats_url KILN_DOCKER_SOCKET=$docker_socket
}

install_packages() {
	local had_docker
	had_docker=$(command -v dockerd || true)
	packages_install "${packages_build[@]}" "${packages_run[@]}"
	# Its installation may have started it: then it is ours to stop.
	if [ -z "$had_docker" ] && has_systemd; then
		echo docker >"$process_dir/dockerd.unit"
	fi
}

build_programs() {
	cmake --preset release
	cmake --build --preset release --target kilnd kiln kiln-agent
}

build_image() {
	worker-image/build.sh --agent "$programs/kiln-agent" --tag "$image"
	note "$(docker image inspect --format '{{.Id}}' "$image" | cut -c 8-19) is $image"
}

# Whatever a running kilnd would have to be restarted for.
kilnd_fingerprint() {
	{
		cat "$programs/kilnd"
		docker image inspect --format '{{.Id}}' "$image"
		[ ! -f .env ] || cat .env
		env | grep -E '^(KILN_|NATSURL=|ENVIRONMENT=|BETTERSTACK)' | sort
	} | sha256sum
}

kilnd_answers() {
	timeout 5 "$programs/kiln" languages
}

start_kilnd() {
	local fingerprint log=$state/log/kilnd.log
	fingerprint=$(kilnd_fingerprint)
	if process_id kilnd >/dev/null; then
		if [ "$fingerprint" = "$(cat "$state/kilnd.fingerprint")" ] && kilnd_answers; then
			note "kilnd runs already"
			return 0
		fi
		note "what kilnd runs with has changed: it finished its jobs and was stopped"
		process_stop kilnd "$drain_seconds"
	fi
	process_start kilnd "$log" "$programs/kilnd"
	if ! process_await kilnd "$kilnd_ready_seconds" kilnd_answers; then
		process_stop kilnd "$drain_seconds"
		tail -n 20 "$log"
		return 1
	fi
	echo "$fingerprint" >"$state/kilnd.fingerprint"
	note "kilnd answers at $nats_host:$nats_port; its log is $log"
}

# Prints one line for a hello; 1 when its answer is not the expected one.
hello() {
	local folder=$1 language program reply answer
	language=$(basename "$folder")
	program=$folder/hello.$(jq -r '.file | sub("^[^.]*[.]"; "")' "$folder/language.json")
	reply=$(timeout "$hello_seconds" "$programs/kiln" run "$program" --language "$language" \
		--json 2>"$state/log/hello.log") || true
	answer=$(jq -r .stdout <<<"$reply" 2>/dev/null) || true
	if [ "$answer" != "$(cat "$folder/hello.expected")" ]; then
		printf '      %-12s FAILED: %s\n' "$language" "${reply:-$(cat "$state/log/hello.log")}"
		return 1
	fi
	jq -r '.timing | "\(.total_ms) \(.compile_ms) \(.run_ms)"' <<<"$reply" |
		while read -r total compile run; do
			LC_ALL=C printf '      %-12s %-24s %9.2f ms  (compile %.2f, run %.2f)\n' \
				"$language" "$answer" "$total" "$compile" "$run"
		done
}

say_hello() {
	local folder failed=0
	step_number=$((step_number + 1))
	echo "[$step_number/$steps_total] says hello in every language over NATS"
	for folder in worker-image/languages/*/; do
		hello "${folder%/}" || failed=1
	done
	[ "$failed" -eq 0 ] || die "Not every language answered. What kilnd says: $state/log/kilnd.log"
}

show_next() {
	cat <<-EOF

		Kiln is up. To send the next request:

		  with its client
		    build/release/kiln run worker-image/languages/python/hello.py

		  with the nats command
		    nats request compiler.execute.request \\
		      '{"language":"python","code":"$(printf 'print(6*7)' | base64)"}'

		  from Python (pip install nats-py)
		    import asyncio, base64, json, nats
		    async def main():
		        nc = await nats.connect("nats://$nats_host:$nats_port")
		        job = {"language": "python", "code": base64.b64encode(b"print(6*7)").decode()}
		        print((await nc.request("compiler.execute.request", json.dumps(job).encode(), timeout=15)).data)
		    asyncio.run(main())

		To stop: deploy/down.sh
	EOF
}

packages_require_apt
state_open
export_addresses
trap step_abort EXIT

step packages "installs what is missing" \
	"check that this machine reaches its Debian mirror (/etc/apt/sources.list*), then run this again" \
	install_packages
step docker "starts dockerd where none runs" \
	"read $state/log/dockerd.log; a container or a VM must let root mount and use cgroups" \
	docker_start "$state/log/dockerd.log"
step nats "starts nats-server where none runs" \
	"see what else listens on port $nats_port (ss -ltnp), or set NATSURL to another server" \
	nats_start "$nats_host" "$nats_port" "$state/log/nats-server.log"
step build "builds kilnd, kiln and kiln-agent" \
	"if the checkout was moved, remove build/release and run this again" \
	build_programs
step image "builds the worker image and runs a hello of each language in it" \
	"this needs a registry or a Debian mirror, and 4 GB of disk (df -h /var/lib/docker)" \
	build_image
step kilnd "starts kilnd and waits until it answers" \
	"run build/release/kiln doctor" \
	start_kilnd
say_hello
show_next
