#!/usr/bin/env bash
# Builds the image of the worker containers from the folders in languages/, and runs each
# language's hello in it under the conditions of a job. With nothing changed it takes a second.
# It works on whatever daemon DOCKER_HOST names.
set -euo pipefail
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
readonly here top
readonly base=debian:bookworm-slim
readonly job_seconds=60 # for a hello, on however slow a machine
tag=kiln/worker:latest
agent=
context=

usage() {
	cat <<-'EOF'
		usage: worker-image/build.sh [--agent PATH] [--tag TAG]
		  --agent PATH  the static kiln-agent; without it build/release/kiln-agent is built
		  --tag TAG     the image's name (kiln/worker:latest)
	EOF
}

fail() {
	printf 'build.sh: %s\n' "$*" >&2
	exit 1
}

clean_up() {
	[ -z "$context" ] || rm -rf "$context"
}

read_arguments() {
	while [ $# -gt 0 ]; do
		case $1 in
		--agent) agent=${2:?--agent needs a path} && shift 2 ;;
		--tag) tag=${2:?--tag needs a name} && shift 2 ;;
		-h | --help) usage && exit 0 ;;
		*) usage >&2 && exit 2 ;;
		esac
	done
}

check_tools() {
	command -v jq >/dev/null || fail "jq is missing: apt-get install jq"
	command -v docker >/dev/null || fail "docker is missing: apt-get install docker.io"
	docker version >/dev/null 2>&1 ||
		fail "no Docker daemon answers at ${DOCKER_HOST:-/var/run/docker.sock}: start dockerd"
}

build_agent() {
	[ -z "$agent" ] || return 0
	(cd "$top" && cmake --preset release && cmake --build --preset release --target kiln-agent)
	agent=$top/build/release/kiln-agent
}

check_agent() {
	[ -x "$agent" ] || fail "$agent is not a program"
	# A container has none of the host's libraries.
	if command -v readelf >/dev/null && readelf -lW "$agent" | grep INTERP >/dev/null; then
		fail "$agent is not static: link it with -static-pie"
	fi
}

# The file that a hello stands in: hello.py for main.py.
hello_of() {
	printf '%s/hello.%s' "$1" "$(jq -r '.file | sub("^[^.]*[.]"; "")' "$1/language.json")"
}

check_manifests() {
	local folder defects manifests=()
	for folder in "$here"/languages/*/; do
		folder=${folder%/}
		jq empty "$folder/language.json" || fail "$folder/language.json is not JSON"
		[ -f "$(hello_of "$folder")" ] || fail "$(hello_of "$folder") is missing"
		[ -f "$folder/hello.expected" ] || fail "$folder/hello.expected is missing"
		manifests+=("$(jq --arg folder "${folder##*/}" '{$folder, manifest: .}' "$folder/language.json")")
	done
	defects=$(printf '%s\n' "${manifests[@]}" | jq -rs -f "$here/manifest.jq")
	[ -z "$defects" ] || fail "$defects"
}

# A process that stands ready for jobs is built in the image, with the agent's own sandbox in it.
copy_sandbox() {
	local file
	for file in agent/{pipes,zygote}.h base/{cleanup.h,err.c,err.h} job/{job,limits}.h \
		sandbox/{sandbox.h,spawn.c}; do
		mkdir -p "$context/internal/${file%/*}"
		cp "$top/internal/$file" "$context/internal/$file"
	done
}

# Only what the image is made from: an edited hello rebuilds nothing.
make_context() {
	local folder name
	mkdir -p "$top/build"
	context=$(mktemp -d "$top/build/worker-image.XXXXXX")
	cp "$here"/{Dockerfile,dpkg-excludes,install-packages.sh,install-languages.sh} "$context"
	cat "$here"/languages/*/language.json | jq -rs '[.[].packages[]] | unique[]' >"$context/packages"
	for folder in "$here"/languages/*/; do
		name=$(basename "$folder")
		mkdir -p "$context/languages/$name"
		find "$folder" -mindepth 1 -maxdepth 1 ! -name 'hello.*' \
			-exec cp -r {} "$context/languages/$name/" \;
		jq -r '.version | @sh' "$folder/language.json" >"$context/languages/$name/version.sh"
	done
	copy_sandbox
	find "$context" -type f -exec chmod 0644 {} +
	install -m 0755 "$agent" "$context/kiln-agent"
}

docker_build() {
	local name proxy=()
	for name in http_proxy https_proxy no_proxy; do
		[ -z "${!name:-}" ] || proxy+=(--build-arg "$name")
	done
	docker build --network host "${proxy[@]}" --build-arg "BASE=$base" "$@" "$context"
}

# What a shell in the container does: stores the program from its standard input, compiles, runs.
hello_script() {
	jq -r '
		.file as $file
		| (.environment | to_entries[] | "export \(.key)=\(.value | @sh)"),
		  "cat >\($file | @sh)",
		  "t0=$(date +%s%N)",
		  (if .compile then .compile | map(if . == "{sources}" then $file else . end) | @sh
		   else empty end),
		  "t1=$(date +%s%N)",
		  "\(.run | @sh) </dev/null",
		  "t2=$(date +%s%N)",
		  "echo \"$(((t1 - t0) / 1000000)) $(((t2 - t1) / 1000000))\" >&2"
	' "$1/language.json"
}

run_hello() {
	local image=$1 folder=$2
	timeout "$job_seconds" docker run --rm -i --network none --read-only --user 20001:20001 \
		--memory 400m --memory-swap 400m --pids-limit 128 --cap-drop ALL \
		--security-opt no-new-privileges --log-driver none \
		--tmpfs /workspace:exec,size=64m,mode=0700,uid=20001 \
		--tmpfs /tmp:size=64m,mode=1777 --workdir /workspace --env HOME=/tmp \
		--entrypoint /bin/sh "$image" -euc "$(hello_script "$folder")" \
		<"$(hello_of "$folder")"
}

test_language() {
	local image=$1 folder=$2 times
	if ! run_hello "$image" "$folder" >"$context/output" 2>"$context/errors" ||
		! cmp -s "$context/output" "$folder/hello.expected"; then
		cat "$context/output" "$context/errors" >&2
		fail "the hello of ${folder##*/} does not print its hello.expected"
	fi
	times=$(tail -n 1 "$context/errors")
	printf '  %-12s %-24s compile %5d ms, run %4d ms\n' "${folder##*/}" \
		"$(head -n 1 "$context/output")" "${times% *}" "${times#* }"
}

# Once for each state of the image and of the hellos.
test_languages() {
	local image folder state stamp
	image=$(docker image inspect --format '{{.Id}}' "$1")
	state=$(cat <(echo "$image") "$here"/languages/*/hello.* "$here"/build.sh | sha256sum)
	stamp=$top/build/worker-image.tested/${state%% *}
	[ ! -f "$stamp" ] || return 0
	echo "runs each hello as a job"
	for folder in "$here"/languages/*/; do
		test_language "$image" "${folder%/}"
	done
	mkdir -p "$(dirname "$stamp")"
	touch "$stamp"
}

trap clean_up EXIT
read_arguments "$@"
check_tools
check_manifests
build_agent
check_agent
"$here/base.sh" "$base" "$top/build/base/bookworm-slim.tar"
make_context
docker_build --target languages --tag "${tag%:*}:languages"
test_languages "${tag%:*}:languages"
docker_build --tag "$tag"
docker image inspect --format '{{.Size}}' "$tag" | awk -v tag="$tag" '{printf "%s: %.0f MB\n", tag, $1 / 1e6}'
