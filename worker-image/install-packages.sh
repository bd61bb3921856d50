#!/bin/sh
# Inside the image build: installs the packages of all languages, and takes from the image what
# only serves to gain privileges or to take up room.
set -eu
export DEBIAN_FRONTEND=noninteractive

apt-get -q -o Acquire::Retries=3 update
xargs apt-get -q -y -o Acquire::Retries=3 --no-install-recommends install \
	</opt/kiln/build/packages
apt-get -q clean
rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/debconf/*-old /usr/share/doc /usr/share/man \
	/usr/share/info /usr/share/locale

find / -xdev -perm /6000 -exec chmod a-s {} +
mkdir -m 1777 /workspace
