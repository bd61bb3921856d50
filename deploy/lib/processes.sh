# shellcheck shell=bash
# Background processes that later runs find again: $process_dir/<name>.pid holds the process id and
# its start time, so that a process id that was given to another is never signalled.

process_dir=

# Nothing when the process is gone or a zombie, which an init that reaps late leaves for a while.
process_start_time() {
	# Fields 3 and 22 of stat; field 2 may hold blanks, so count from its closing parenthesis.
	sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
}

process_record() {
	printf '%s %s\n' "$2" "$(process_start_time "$2")" >"$process_dir/$1.pid"
}

# Prints the process id when the process that was recorded still runs.
process_id() {
	local pid started
	read -r pid started 2>/dev/null <"$process_dir/$1.pid" || return 1
	[ -n "$started" ] && [ "$(process_start_time "$pid")" = "$started" ] || return 1
	echo "$pid"
}

# process_start NAME LOG COMMAND…: behind setsid, so that Ctrl-C here does not reach it.
process_start() {
	local name=$1 log=$2
	shift 2
	setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
	process_record "$name" $!
}

# process_await NAME SECONDS CHECK…: 0 when the check succeeds; 1 when the process ended or the
# time is over.
process_await() {
	local name=$1 end=$((SECONDS + $2))
	shift 2
	while ((SECONDS < end)); do
		process_id "$name" >/dev/null || return 1
		if "$@" >/dev/null 2>&1; then
			# The answer may have been another's.
			process_id "$name" >/dev/null
			return
		fi
		sleep 0.1
	done
	return 1
}

# process_stop NAME SECONDS: SIGTERM, and SIGKILL when it has not ended by then.
process_stop() {
	local name=$1 end=$((SECONDS + $2)) pid
	if pid=$(process_id "$name"); then
		kill -TERM "$pid"
		while process_id "$name" >/dev/null && ((SECONDS < end)); do
			sleep 0.1
		done
		if process_id "$name" >/dev/null; then
			note "$name ($pid) did not end within $2 s and was killed"
			kill -KILL "$pid"
		fi
	fi
	rm -f "$process_dir/$name.pid"
}
