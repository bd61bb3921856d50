# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# The two servers that Kiln needs. Each is started only where none answers, and what was started is
# recorded in $process_dir, so that down.sh ends that and nothing else.

readonly service_start_seconds=60

docker_answers() {
	timeout 10 docker info
}

has_systemd() {
	[ -d /run/systemd/system ]
}

# runc needs the cgroup hierarchies mounted; an init system normally has.
cgroups_mount() {
	if mountpoint -q /sys/fs/cgroup || mountpoint -q /sys/fs/cgroup/memory; then
		return 0
	fi
	command -v cgroupfs-mount >/dev/null || packages_apt install cgroupfs-mount
	cgroupfs-mount
	note "mounted the cgroup hierarchies"
}

# docker_launch LOG DOCKERD-ARGUMENTS…
docker_launch() {
	local log=$1
	shift
	process_start dockerd "$log" dockerd "$@"
	process_await dockerd "$service_start_seconds" docker_answers
}

docker_start_by_hand() {
	local log=$1 bridge=()
	cgroups_mount
	if docker_launch "$log"; then
		note "started dockerd; its log is $log"
		return 0
	fi
	process_stop dockerd 15
	# Without netfilter dockerd cannot set up its bridge. Kiln's containers have no network anyway.
	# With --bridge=none it would delete a docker0 that is there, be it another daemon's.
	[ -e /sys/class/net/docker0 ] || bridge=(--bridge=none)
	if docker_launch "$log" --iptables=false --ip6tables=false "${bridge[@]}"; then
		note "started dockerd without network rules, which it could not set; its log is $log"
		return 0
	fi
	process_stop dockerd 15
	tail -n 20 "$log"
	return 1
}

docker_start() {
	if docker_answers >/dev/null 2>&1; then
		note "dockerd runs already"
	elif [ -n "${DOCKER_HOST:-}" ]; then
		echo "no Docker daemon answers at $DOCKER_HOST, and another host's is not started from here"
		return 1
	elif has_systemd; then
		systemctl start docker
		echo docker >"$process_dir/dockerd.unit"
		docker_answers
		note "started docker.service"
	else
		docker_start_by_hand "$1"
	fi
}

docker_stop() {
	if [ -f "$process_dir/dockerd.unit" ]; then
		systemctl stop docker.socket docker.service
		rm -f "$process_dir/dockerd.unit"
	fi
	process_stop dockerd 60
}

# nats_answers HOST PORT: a NATS server greets with a line that begins with INFO.
nats_answers() {
	# shellcheck disable=SC2016 # the inner shell expands them
	timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1" && read -r line <&3 && [[ $line == INFO* ]]' \
		"$1" "$2" 2>/dev/null
}

# nats_write_config FILE PORT FOLDER: JetStream keeps its store in FOLDER/jetstream.
nats_write_config() {
	cat >"$1" <<-EOF
		listen: "127.0.0.1:$2"
		# A request carries up to 1 MiB of code in base64, a reply as much output.
		max_payload: 8MB
		jetstream { store_dir: "$3" }
	EOF
}

nats_start() {
	local host=$1 port=$2 log=$3
	if nats_answers "$host" "$port"; then
		note "nats-server runs already at $host:$port"
		return 0
	fi
	case $host in
	localhost | 127.0.0.1) ;;
	*)
		echo "nothing answers at $host:$port, and another host's server is not started from here"
		return 1
		;;
	esac
	nats_write_config "$process_dir/nats-server.conf" "$port" "$process_dir"
	process_start nats-server "$log" nats-server --config "$process_dir/nats-server.conf"
	process_await nats-server "$service_start_seconds" nats_answers "$host" "$port" || {
		tail -n 20 "$log"
		return 1
	}
	note "started nats-server at $host:$port; its log is $log"
}
