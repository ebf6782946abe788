# SPDX-License-Identifier: GPL-2.0
# Sourced by the scripts of this project; sets $top and the few helpers they share.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$top/build
me=${0##*/}

# Messages go to stderr: stdout belongs to what a script was asked for.
if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
	bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
else
	bold='' red='' plain=''
fi

say() { printf '%s%s:%s %s\n' "$bold" "$me" "$plain" "$*" >&2; }
die() { printf '%s%s:%s %s\n' "$red" "$me" "$plain" "$*" >&2; exit 1; }

# The comment at the top of the script is its help.
usage() { awk 'NR > 2 && !/^#/ { exit } NR > 2 { sub(/^# ?/, ""); print }' "$0"; }
bad_usage() { say "$*; see $me --help"; exit 2; }

# step NAME COMMAND...: run COMMAND, then say how long it took.
step()
{
	local name=$1 start=$SECONDS
	shift
	say "$name ..."
	"$@" || return
	say "$name: $((SECONDS - start)) s"
}

# One user of build/ at a time. The lock goes when the last holder of fd 9 does.
lock_build()
{
	[[ -z ${PKSDIAG_BUILD_LOCKED:-} ]] || return 0
	mkdir -p "$build"
	exec 9> "$build/.lock"
	if ! flock -n 9; then
		say "waiting for another build in $build"
		flock 9
	fi
	export PKSDIAG_BUILD_LOCKED=1
}

# The overlay: files of ours that have their path in the kernel tree.
overlay_files()
{
	local dir
	cd "$top"
	for dir in arch include kernel lib mm Documentation; do
		[[ ! -d $dir ]] || find "$dir" -type f ! -name '*~' ! -name '.*.sw?' \
			! -name '*.orig' ! -name '*.rej' ! -name '*.o'
	done | LC_ALL=C sort
}

# The patches in the order of patches/series, comments left out.
patch_series()
{
	[[ -f $top/patches/series ]] || return 0
	sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$top/patches/series"
}

# The files that the patches touch.
patched_files()
{
	local patch
	for patch in $(patch_series); do
		sed -nE 's,^(---|\+\+\+) [ab]/([^[:space:]]+).*,\2,p' "$top/patches/$patch"
	done | LC_ALL=C sort -u
}

# Where the base kernel comes from, and a name for exactly these sources.
base_tarball() { echo "${PKSDIAG_TARBALL:-/usr/src/linux-source-6.1.tar.xz}"; }

base_identity()
{
	if [[ -n ${KSRC:-} ]]; then
		[[ -f $KSRC/Makefile && -d $KSRC/kernel ]] || die "KSRC=$KSRC is not a kernel tree"
		grep -qx 'VERSION = 6' "$KSRC/Makefile" && grep -qx 'PATCHLEVEL = 1' "$KSRC/Makefile" ||
			die "KSRC=$KSRC is not a Linux 6.1 tree"
		printf 'tree '
		(cd "$KSRC" && find . -name .git -prune -o -type f -printf '%P %s %T@\n') |
			LC_ALL=C sort | sha256sum | cut -c1-16
	else
		[[ -r $(base_tarball) ]] || die "no kernel source: run 'scripts/deps', or set KSRC=DIR"
		stat -Lc 'tarball %s %Y' "$(base_tarball)"
	fi
}

# kmake TREE OBJECTS ARGUMENT...: the kernel's make with a result that does not depend on
# the time, the user or the place. The debug information holds no places of local
# variables: they are a sixth of the build time, and no reader needs them.
kmake()
{
	local tree=$1 objects=$2 flags
	shift 2
	flags="-ffile-prefix-map=$tree/= -ffile-prefix-map=$objects=. -fno-var-tracking"
	make -C "$tree" O="$objects" -j"${JOBS:-$(($(nproc) + 1))}" \
		KBUILD_BUILD_TIMESTAMP='2024-01-01' KBUILD_BUILD_USER=pksdiag \
		KBUILD_BUILD_HOST=pksdiag KBUILD_BUILD_VERSION=1 \
		KCFLAGS="$flags" KAFLAGS="$flags" "$@"
}
