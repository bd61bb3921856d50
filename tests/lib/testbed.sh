# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# The servers of a test run: a nats-server and a dockerd of its own, on a port and a socket that no
# other uses, beside whatever else the machine runs. The caller sets top.

readonly testbed=$top/build/testbed
readonly venv=$testbed/venv
run_dir= # short, for a socket's path has at most 107 bytes
bridge=  # as short as the name of a network interface must be

testbed_open() {
	mkdir -p "$testbed/log"
	exec 9>"$testbed/lock"
	flock -n 9 || die "Another tests/run.sh is at work in this checkout."
	run_dir=$(mktemp -d /run/kiln-test.XXXXXX)
	bridge=kt-${run_dir##*.}
	step_logs=$testbed/log process_dir=$run_dir
}

testbed_start_nats() {
	local log=$testbed/log/nats-server.log
	nats_write_config "$run_dir/nats-server.conf" -1 "$run_dir"
	process_start nats-server "$log" nats-server --config "$run_dir/nats-server.conf" \
		--ports_file_dir "$run_dir"
	process_await nats-server 30 testbed_nats_url || {
		tail -n 20 "$log"
		return 1
	}
	note "nats-server at $(testbed_nats_url)"
}

# The port is the server's choice, so that nothing can take it in between.
testbed_nats_url() {
	jq -er '.nats[0]' "$run_dir"/nats-server_*.ports
}

# A dockerd without a bridge deletes docker0 at its start, even when that is another daemon's: where
# there is one, ours gets a bridge of its own. Prints dockerd's arguments for it.
testbed_make_bridge() {
	if [ -e /sys/class/net/docker0 ]; then
		ip link add "$bridge" type bridge
		echo "--bridge=$bridge"
	else
		echo "--bridge=none"
	fi
}

# The daemon's configuration: with gVisor where it is installed. Debian's has no other platform that
# works without KVM.
testbed_runtimes() {
	if command -v runsc >/dev/null; then
		jq -n --arg path "$(command -v runsc)" '{runtimes: {runsc: {path: $path,
			runtimeArgs: ["--platform=ptrace", "--network=none"]}}}'
	else
		echo '{}'
	fi
}

# A namespace of its own in containerd, for dockerd uses the system's containerd where one runs.
testbed_start_docker() {
	local log=$testbed/log/dockerd.log network
	cgroups_mount
	network=$(testbed_make_bridge)
	testbed_runtimes >"$run_dir/daemon.json"
	: >"$log"
	if ! docker_launch "$log" --config-file "$run_dir/daemon.json" \
		--host "$DOCKER_HOST" --data-root "$testbed/docker" --exec-root "$run_dir/exec" \
		--pidfile "$run_dir/docker.pid" --containerd-namespace kiln-test \
		--containerd-plugins-namespace kiln-test-plugins --userland-proxy=false \
		"$network" --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false; then
		tail -n 20 "$log"
		return 1
	fi
	note "dockerd at $DOCKER_HOST"
}

testbed_export() {
	export DOCKER_HOST=unix://$run_dir/docker.sock
	export KILN_TEST_DOCKER_SOCKET=$run_dir/docker.sock
	export KILN_TEST_IMAGE=kiln/worker:latest
	export KILN_TEST_BUILD=$top/build/ci
	# What the caller's own Kiln is told must not reach the one under test.
	unset NATSURL ENVIRONMENT BETTERSTACKUPLOADURL BETTERSTACKSOURCETOKEN
}

# The registry of Python packages fails now and then; a finished environment is kept.
testbed_make_venv() {
	local wanted=$top/tests/e2e/requirements.txt attempt
	if cmp -s "$wanted" "$venv/requirements.txt"; then
		return 0
	fi
	rm -rf "$venv"
	/usr/bin/python3 -m venv "$venv"
	for attempt in 1 2 3; do
		if "$venv/bin/pip" install --quiet --retries 5 --timeout 60 -r "$wanted"; then
			cp "$wanted" "$venv/requirements.txt"
			return 0
		fi
		echo "attempt $attempt failed"
		sleep "$attempt"
	done
	return 1
}

# Also called from a trap, at any point of the start.
testbed_close() {
	[ -n "$run_dir" ] || return 0
	process_stop nats-server 15
	process_stop dockerd 40
	testbed_stop_containerd
	[ ! -e "/sys/class/net/$bridge" ] || ip link delete "$bridge"
	umount -q "$run_dir"/exec/netns/* 2>/dev/null || true
	rm -rf --one-file-system "$run_dir"
	run_dir=
}

# dockerd ends its own containerd, unless it had to be killed.
testbed_stop_containerd() {
	local pid
	pid=$(cat "$run_dir/exec/containerd/containerd.pid" 2>/dev/null) || return 0
	if [[ $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) == *"$run_dir/exec/"* ]]; then
		kill -TERM "$pid" || true
	fi
}
