# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# Debian packages. A wanted item is a package, or command:package where any provider of the
# command will do: a machine with docker-ce needs no docker.io.

readonly packages_build=(cmake ninja-build pkg-config gcc:gcc libc6-dev libnats-dev
	libcurl4-openssl-dev libjansson-dev libb64-dev libpcre2-dev libseccomp-dev)
# debian-archive-keyring: Ubuntu's debootstrap cannot check Debian's signatures without it.
readonly packages_run=(dockerd:docker.io iptables:iptables nats-server:nats-server jq:jq
	curl:curl ca-certificates debootstrap:debootstrap debian-archive-keyring)

packages_record= # a file that collects the names of what was installed, when set

package_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints the packages to install, one a line.
packages_missing() {
	local item
	for item in "$@"; do
		case $item in
		*:*) command -v "${item%%:*}" >/dev/null || echo "${item#*:}" ;;
		*) package_installed "$item" || echo "$item" ;;
		esac
	done
}

packages_apt() {
	DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}

# Installs what is missing, and touches nothing when that is nothing.
packages_install() {
	local missing
	mapfile -t missing < <(packages_missing "$@" | sort -u)
	if [ ${#missing[@]} -gt 0 ]; then
		# A broken third-party source must not stop what Debian's own can serve.
		packages_apt update || echo "apt-get update failed; goes on with the lists at hand"
		packages_apt --no-install-recommends install "${missing[@]}"
		note "installed ${missing[*]}"
		[ -z "$packages_record" ] || printf '%s\n' "${missing[@]}" >>"$packages_record"
		packages_tame_services "${missing[@]}"
	fi
	packages_install_docker_client
}

# Debian starts what it installs. Its nats-server listens on every address, lets anybody in and
# takes no message over 1 MiB; Kiln's own is started instead.
packages_tame_services() {
	[ -d /run/systemd/system ] || return 0
	case " $* " in
	*" nats-server "*) systemctl disable --now nats-server ;;
	esac
}

# From Debian 13 on, docker.io comes without its client.
packages_install_docker_client() {
	command -v dockerd >/dev/null || return 0
	command -v docker >/dev/null || packages_apt --no-install-recommends install docker-cli
}

packages_require_apt() {
	[ "$(id -u)" -eq 0 ] || die "This must run as root (it installs packages and starts dockerd): sudo $0"
	command -v apt-get >/dev/null || die "This needs Debian or Ubuntu: there is no apt-get here."
}
