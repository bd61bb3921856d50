# shellcheck shell=bash
# Steps: each says what it does, shows that it lives, and on failure shows its output and what to
# do. The caller sets step_logs (a folder) and, for "[2/7]", steps_total.
# Call step and step_try as plain commands, never after `if` or before `||`: there bash would ignore
# `set -e` in all that they run.

step_logs=
steps_total=
step_number=0
step_status=0
step_pid=         # the group of the running step, for step_abort
step_tail_lines=25 # how much of a failed step's output is shown
readonly step_heartbeat_seconds=10

die() {
	printf '\n%s\n' "$*" >&2
	exit 1
}

# In a step: a line that the reader sees when the step has ended.
note() {
	printf 'note: %s\n' "$*"
}

step_seconds() {
	awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN {printf "%.1f", to - from}'
}

# The last line of a log, made fit for a terminal.
step_last_line() {
	tail -c 2000 "$1" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 |
		LC_ALL=C tr -cd '[:print:]' | cut -c 1-70
}

step_wait() {
	local text=$1 log=$2 since=$SECONDS beat=$step_heartbeat_seconds spin=0 marks='|/-+'
	while kill -0 "$step_pid" 2>/dev/null; do
		if [ -t 1 ]; then
			printf '\r%s %s %d s ' "$text" "${marks:spin++%4:1}" $((SECONDS - since))
		elif ((SECONDS - since >= beat)); then
			printf '      still at it, %d s: %s\n' "$beat" "$(step_last_line "$log")"
			beat=$((beat + step_heartbeat_seconds))
		fi
		sleep 0.1
	done
}

step_fail() {
	local log=$1 hint=$2
	printf '      FAILED. The end of %s:\n' "$log"
	tail -n "$step_tail_lines" "$log" | sed 's/^/      | /'
	[ -z "$hint" ] || printf '      What to do: %s\n' "$hint"
}

# step_try NAME TEXT HINT COMMAND…: runs a command or function in a process group of its own, with
# its output in a log, and leaves its status in step_status.
step_try() {
	local name=$1 text=$2 hint=$3 log since=$EPOCHREALTIME
	shift 3
	step_status=0
	step_number=$((step_number + 1))
	text="[$step_number${steps_total:+/$steps_total}] $text"
	log=$step_logs/$name.log
	printf '%s' "$text"
	[ -t 1 ] || echo
	set -m
	("$@") </dev/null >"$log" 2>&1 9>&- &
	step_pid=$!
	set +m
	step_wait "$text" "$log"
	wait "$step_pid" || step_status=$?
	step_pid=
	[ ! -t 1 ] || printf '\r\033[K%s\n' "$text"
	sed -n 's/^note: /      /p' "$log"
	if [ "$step_status" -ne 0 ]; then
		step_fail "$log" "$hint"
	else
		printf '      done in %s s\n' "$(step_seconds "$since")"
	fi
}

# As step_try, and the script ends when it fails.
step() {
	step_try "$@"
	[ "$step_status" -eq 0 ] || exit 1
}

# Ends the step that runs, with all its processes: for traps.
step_abort() {
	[ -n "$step_pid" ] || return 0
	kill -TERM -- "-$step_pid" 2>/dev/null || true
	wait "$step_pid" 2>/dev/null || true
	step_pid=
}
