# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with what sources this
# What the phases of a test run do. Each is run by `phase`, and leaves its counts in $phase_counts.

readonly fuzz_seconds=${KILN_FUZZ_SECONDS:-10}
pytest_seconds=900
jobs=$(nproc)
readonly jobs

build_preset() {
	cmake --preset "$1"
	cmake --build --preset "$1" --parallel "$jobs"
}

# ThreadSanitizer and old AddressSanitizers cannot map their shadow where the kernel randomizes
# addresses widely.
without_aslr() {
	if setarch "$(uname -m)" -R true 2>/dev/null; then
		setarch "$(uname -m)" -R "$@"
	else
		"$@"
	fi
}

# run_ctest PRESET CTEST-ARGUMENTS…
run_ctest() {
	local junit=$testbed/log/ctest-$1.xml preset=$1 status=0
	shift
	rm -f "$junit"
	without_aslr ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
		--parallel "$jobs" --output-junit "$junit" "$@" || status=$?
	[ ! -f "$junit" ] || junit_counts "$junit" >"$phase_counts"
	return "$status"
}

export_sanitizer_options() {
	export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
	export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
	export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
}

# Lint has nothing for a sanitizer.
run_ctest_sanitized() {
	build_preset "$1"
	export_sanitizer_options
	run_ctest "$1" --label-regex '^(unit|integration)$'
}

# The service under load and under faults, with kilnd and kiln of a sanitizer's build and the agent
# of the image. (`KILN_TEST_SANITIZER=asan KILN_TEST_BUILD=build/asan pytest tests/e2e` runs it all.)
run_pytest_sanitized() {
	build_preset "$1"
	export_sanitizer_options
	export KILN_TEST_BUILD=$top/build/$1 KILN_TEST_SANITIZER=$1
	run_pytest e2e tests/e2e/test_{load,faults,bytes,channels}.py
}

# The attacks, which take several times as long there.
run_pytest_gvisor() {
	export KILN_TEST_RUNTIME=runsc
	pytest_seconds=3600
	run_pytest gvisor tests/attacks/test_{attacks,network,requests,rows,side_by_side,warm}.py
}

# run_pytest NAME FILES…
run_pytest() {
	local name=$1 junit status=0
	shift
	junit=$testbed/log/pytest-$name${KILN_TEST_SANITIZER:+-$KILN_TEST_SANITIZER}.xml
	rm -f "$junit"
	without_aslr timeout "$pytest_seconds" "$venv/bin/python" -m pytest "$@" \
		-p no:cacheprovider --junitxml "$junit" || status=$?
	[ ! -f "$junit" ] || junit_counts "$junit" >"$phase_counts"
	return "$status"
}

# One target, from its committed seeds; a new input is thrown away, a crash is kept.
fuzz_target() {
	local target=$1 name work
	name=$(basename "$target")
	work=$testbed/fuzz/$name
	rm -rf "$work/corpus"
	mkdir -p "$work/corpus"
	[ ! -d "tests/fuzz/corpus/$name" ] || cp -r "tests/fuzz/corpus/$name/." "$work/corpus"
	echo "== $name"
	without_aslr "$target" -max_total_time="$fuzz_seconds" -timeout=5 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$work/" "$work/corpus" >"$work/log" 2>&1 && return 0
	cat "$work/log"
	echo "$name failed; the input is in $work"
	return 1
}

# As many targets at a time as there are processors.
run_fuzz() {
	local source running=() good=0 bad=0
	build_preset fuzz
	for source in tests/fuzz/fuzz_*.c; do
		fuzz_target "build/fuzz/tests/$(basename "$source" .c)" &
		running+=($!)
		if [ ${#running[@]} -ge "$jobs" ]; then
			fuzz_join
		fi
	done
	fuzz_join
	echo "$good $bad" >"$phase_counts"
	[ "$bad" -eq 0 ]
}

# Waits for the targets in `running`, and counts them in `good` and `bad` of the caller.
fuzz_join() {
	local pid
	for pid in "${running[@]}"; do
		if wait "$pid"; then
			good=$((good + 1))
		else
			bad=$((bad + 1))
		fi
	done
	running=()
}
