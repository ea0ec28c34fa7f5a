#!/bin/sh
# Set up a Debian of the 64-bit Arm processor under ROOT, with the wheels that the lock gives it.
#   sh tools/aarch64.sh ROOT SUITE PYTHON
# The system comes from Debian's packages, the wheels from PyPI; what needs root says so first.
set -eu
root=$1 suite=$2 python=$3

[ -e "$root/.ready" ] && [ "$root/.ready" -nt requirements.txt ] || {
	sh tools/system.sh qemu-user-static debootstrap bubblewrap
	if [ "$(id -u)" != 0 ]; then
		echo "aarch64 needs root once, for debootstrap: sudo sh tools/aarch64.sh $*" >&2
		exit 1
	fi
	# Programs of that processor run as if they were this one's: the emulator is opened at once (F).
	binfmt=/proc/sys/fs/binfmt_misc
	[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt
	[ -e $binfmt/qemu-aarch64 ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >$binfmt/register

	rm -rf "$root"
	mkdir -p "$root"
	site=$(apt-get indextargets --format '$(SITE)' | head -n 1)
	debootstrap --arch=arm64 --foreign --variant=minbase \
		--include=python3,libgomp1,libstdc++6 "$suite" "$root" "$site"
	# Unpacked is enough: nothing of it is configured, which would take minutes under emulation.
	for package in "$root"/var/cache/apt/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
	done
	rm -rf "$root/proc" "$root/dev"
	mkdir -p "$root/proc" "$root/dev" "$root/course"

	"$python" tools/pins.py 'shallow[book]' nbval pytest pytest-xdist threadpoolctl \
		>"$root/requirements.txt"
	"$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--only-binary=:all: --platform manylinux_2_28_aarch64 --platform manylinux_2_17_aarch64 \
		--platform any --target "$root/site" -r "$root/requirements.txt"
	touch "$root/.ready"
}
