#!/usr/bin/env bash
# Puts debian:bookworm-slim into the Docker daemon: from a registry, or, where none answers, from
# packages with debootstrap. The second way leaves a tarball, so that another daemon has it at once.
# usage: base.sh TAG TARBALL
set -euo pipefail

readonly tag=$1 tarball=$2
readonly suite=bookworm
# A registry that does not answer is given up on by then; an image of 30 MB has come by then.
readonly pull_seconds=60
root=

clean_up() {
	[ -z "$root" ] || rm -rf --one-file-system "$root" "$tarball.part"
}

# The mirror that this machine's apt uses for Debian's archive of that label; nothing on Ubuntu.
mirror_of() {
	# shellcheck disable=SC2016 # apt-get expands them
	apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
		awk -F '|' -v label="$1" '$1 == label {sub("/$", "", $2); print $2; exit}'
}

# debootstrap leaves the archive's own line alone. Security updates stand beside it on Debian's
# mirrors, unless this machine has another source of them.
write_sources() {
	local mirror security
	mirror=$(awk '$1 == "deb" {print $2; exit}' "$root/etc/apt/sources.list")
	mirror=${mirror%/}
	security=$(mirror_of Debian-Security)
	cat >"$root/etc/apt/sources.list" <<-EOF
		deb $mirror $suite main
		deb $mirror $suite-updates main
		deb ${security:-$mirror-security} $suite-security main
	EOF
}

remove_what_slim_images_lack() {
	rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* \
		"$root"/usr/share/{doc,info,lintian,locale,man}/* "$root/etc/resolv.conf" \
		"$root/etc/hostname"
}

make_tarball() {
	local mirror
	if ! command -v debootstrap >/dev/null; then
		echo "no registry answers, and debootstrap is missing: apt-get install debootstrap" >&2
		return 1
	fi
	mkdir -p "$(dirname "$tarball")"
	root=$(mktemp -d "$(dirname "$tarball")/root.XXXXXX")
	chmod 0755 "$root" # it becomes the root folder of the image
	mirror=$(mirror_of Debian)
	debootstrap --variant=minbase "$suite" "$root" ${mirror:+"$mirror"}
	write_sources
	chroot "$root" apt-get -q -o Acquire::Retries=3 update
	DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -q -y -o Acquire::Retries=3 upgrade
	remove_what_slim_images_lack
	tar -C "$root" --numeric-owner --one-file-system -cf "$tarball.part" .
	mv "$tarball.part" "$tarball"
}

trap clean_up EXIT
if docker image inspect "$tag" >/dev/null 2>&1; then
	exit 0
fi
if [ ! -f "$tarball" ]; then
	echo "pulls $tag"
	if timeout "$pull_seconds" docker pull "$tag"; then
		exit 0
	fi
	echo "no registry has $tag: makes it with debootstrap"
	make_tarball
fi
echo "imports $tarball as $tag"
docker import "$tarball" "$tag" >/dev/null
