# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# Phases of the test run and the count of what passed and failed in all of them. A failed phase
# does not stop the later ones.

passed=0
failed=0
failed_phases=()
phase_counts= # a file in which a phase leaves "passed failed"; without it the phase counts as one

# The sum over the suites of a JUnit file: "passed failed". What was skipped did not pass.
junit_counts() {
	tr '\n' ' ' <"$1" | grep -o '<testsuite [^>]*>' | awk '
		function value(name,  text) {
			if (!match($0, "[ \t]" name "=\"[0-9]+\""))
				return 0
			text = substr($0, RSTART, RLENGTH)
			gsub(/[^0-9]/, "", text)
			return text + 0
		}
		{
			all += value("tests")
			bad += value("failures") + value("errors") + value("skipped") + value("disabled")
		}
		END {print all - bad, bad + 0}'
}

# phase NAME TEXT HINT COMMAND…: call it as a plain command, as step.
phase() {
	local good=0 bad=0
	phase_counts=$step_logs/$1.counts
	rm -f "$phase_counts"
	step_try "$@"
	if [ -s "$phase_counts" ]; then
		read -r good bad <"$phase_counts"
	fi
	if [ "$step_status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	elif [ "$step_status" -eq 0 ] && [ $((good + bad)) -eq 0 ]; then
		good=1
	fi
	[ "$bad" -eq 0 ] || failed_phases+=("$1")
	passed=$((passed + good))
	failed=$((failed + bad))
	printf '      %d passed, %d failed\n' "$good" "$bad"
}

# phase_blocked NAME REASON: what cannot run has failed.
phase_blocked() {
	echo "[-] $1 cannot run: $2"
	failed=$((failed + 1))
	failed_phases+=("$1")
}

# The last line of the run, and its status.
summary_print() {
	[ ${#failed_phases[@]} -eq 0 ] || printf '\nfailed in: %s\n' "${failed_phases[*]}"
	printf '\n%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
