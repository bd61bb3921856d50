# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# Where things are, for up.sh and down.sh. The caller sets top, the repository.

readonly state=${KILN_STATE_DIR:-/var/lib/kiln}
readonly image=${KILN_IMAGE:-kiln/worker:latest}

# setting NAME DEFAULT: from the environment, else from .env, as kilnd reads them.
setting() {
	local value=${!1:-}
	if [ -z "$value" ] && [ -f "$top/.env" ]; then
		value=$(sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1=['\"]?([^'\"]*)['\"]?[[:space:]]*\$/\2/p" \
			"$top/.env" | tail -n 1)
	fi
	printf '%s' "${value:-$2}"
}

# The address in a NATS URL, without the credentials that it may hold: "host port".
nats_address() {
	local address=${1%%,*}
	address=${address#*://}
	address=${address##*@}
	address=${address%%/*}
	case $address in
	*:*) printf '%s %s' "${address%:*}" "${address##*:}" ;;
	*) printf '%s 4222' "$address" ;;
	esac
}

# One run at a time; daemons do not inherit the descriptor.
state_open() {
	mkdir -p "$state/log"
	exec 9>"$state/lock"
	flock -n 9 || die "Another up.sh or down.sh is at work (it holds $state/lock)."
	step_logs=$state/log process_dir=$state packages_record=$state/packages
}
