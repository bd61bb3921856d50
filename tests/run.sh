#!/usr/bin/env bash
# Builds Kiln and runs all its tests on servers of its own; needs nothing but root on a Debian or
# Ubuntu. The last line counts what passed and failed.
#
# usage: tests/run.sh [--quick] [PHASE…]
#   --quick  without the second compiler, the sanitizers and fuzzing
#   PHASE    unit lint integration clang image e2e attacks asan tsan e2e-asan e2e-tsan fuzz, and
#            gvisor, when asked for: the attacks under Debian's runsc, far more than ten minutes
# Logs lie in build/testbed/log. KILN_FUZZ_SECONDS: for each fuzz target (10).
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
# shellcheck source=tests/lib/summary.sh
. tests/lib/summary.sh
# shellcheck source=tests/lib/testbed.sh
. tests/lib/testbed.sh
# shellcheck source=tests/lib/phases.sh
. tests/lib/phases.sh

readonly packages_test=(git:git libcmocka-dev g++:g++ clang:clang python3:python3 python3-venv
	shellcheck:shellcheck iproute2 util-linux)
readonly phases_all=(unit lint integration clang image e2e attacks asan tsan e2e-asan e2e-tsan
	fuzz)
readonly phases_asked_for=(gvisor)
readonly phases_with_image=(integration image e2e attacks asan tsan e2e-asan e2e-tsan gvisor)
readonly phases_with_python=(lint e2e attacks e2e-asan e2e-tsan gvisor)
readonly phases_quick=(unit lint integration image e2e attacks)
wanted=()
image_status=0
started=$SECONDS
step_tail_lines=200

usage() {
	sed -n '5,9s/^# //p' "$0"
}

read_arguments() {
	local argument
	for argument in "$@"; do
		case $argument in
		--quick) wanted=("${phases_quick[@]}") ;;
		-h | --help) usage && exit 0 ;;
		*)
			if [[ " ${phases_all[*]} ${phases_asked_for[*]} " != *" $argument "* ]]; then
				usage >&2
				exit 2
			fi
			wanted+=("$argument")
			;;
		esac
	done
	[ ${#wanted[@]} -gt 0 ] || wanted=("${phases_all[@]}")
}

# wants NAME…: whether one of them is asked for.
wants() {
	local name
	for name in "$@"; do
		[[ " ${wanted[*]} " != *" $name "* ]] || return 0
	done
	return 1
}

install_packages() {
	local runtime
	packages_install "${packages_build[@]}" "${packages_run[@]}" "${packages_test[@]}"
	! wants gvisor || packages_install runsc
	# The runtime of sanitizers and libFuzzer is a package apart in some releases of clang.
	runtime=libclang-rt-$(clang -dumpversion | cut -d . -f 1)-dev
	if apt-cache show "$runtime" >/dev/null 2>&1; then
		packages_install "$runtime"
	fi
}

finish() {
	local status=$?
	trap - EXIT INT TERM
	step_abort
	testbed_close
	exit "$status"
}

start_testbed() {
	testbed_open
	trap finish EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	step packages "installs what is missing" \
		"check that this machine reaches its Debian mirror, then run this again" install_packages
	testbed_export
	if wants "${phases_with_image[@]}"; then
		step nats "starts a nats-server of its own" "" testbed_start_nats
		KILN_TEST_NATS_URL=$(testbed_nats_url)
		export KILN_TEST_NATS_URL
		step docker "starts a dockerd of its own" \
			"a container or a VM must let root mount and use cgroups" testbed_start_docker
	fi
	if wants "${phases_with_python[@]}"; then
		step venv "makes a Python environment with pytest and nats-py" \
			"check that this machine reaches a registry of Python packages" testbed_make_venv
		export PATH=$venv/bin:$PATH
	fi
}

# unit, lint and integration in one go; all that ctest knows when all three are asked for.
run_ctest_phases() {
	local labels=() name
	for name in unit lint integration; do
		! wants "$name" || labels+=("$name")
	done
	if [ ${#labels[@]} -eq 3 ]; then
		phase ctest "unit, lint and integration tests" "" run_ctest ci
	elif [ ${#labels[@]} -gt 0 ]; then
		phase ctest "${labels[*]} tests" "" \
			run_ctest ci --label-regex "^($(tr ' ' '|' <<<"${labels[*]}"))\$"
	fi
}

build_worker_image() {
	phase image "builds the worker image, and runs a hello of each language in it" \
		"this needs a registry or a Debian mirror, and 4 GB of disk" \
		worker-image/build.sh --agent "$top/build/ci/kiln-agent" --tag "$KILN_TEST_IMAGE"
	image_status=$step_status
}

# suite NAME TEXT COMMAND…: a phase that needs the worker image, when it is asked for.
suite() {
	local name=$1 text=$2
	shift 2
	if ! wants "$name"; then
		return 0
	elif [ "$image_status" -ne 0 ]; then
		phase_blocked "$name" "there is no worker image"
	else
		phase "$name" "$text" "" "$@"
	fi
}

run_phases() {
	phase build "builds everything with gcc, warnings as errors" "" build_preset ci
	if [ "$step_status" -ne 0 ]; then
		phase_blocked tests "the build failed"
		return 0
	fi
	! wants "${phases_with_image[@]}" || build_worker_image
	run_ctest_phases
	suite e2e "the whole service, from request to reply" run_pytest e2e tests/e2e
	suite attacks "hostile programs and hostile agents" run_pytest attacks tests/attacks
	suite gvisor "hostile programs, under gVisor" run_pytest_gvisor
	! wants clang || phase clang "builds everything with clang, warnings as errors" "" build_preset clang
	! wants asan || phase asan "unit and integration tests with AddressSanitizer" "" run_ctest_sanitized asan
	! wants tsan || phase tsan "unit and integration tests with ThreadSanitizer" "" run_ctest_sanitized tsan
	suite e2e-asan "the whole service with AddressSanitizer" run_pytest_sanitized asan
	suite e2e-tsan "the whole service with ThreadSanitizer" run_pytest_sanitized tsan
	! wants fuzz || phase fuzz "fuzzes each target for $fuzz_seconds s" "" run_fuzz
}

read_arguments "$@"
packages_require_apt
start_testbed
run_phases
printf '\n%d s in all' $((SECONDS - started))
summary_print
