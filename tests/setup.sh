# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# Sourced by tests/run.sh and examples/quickstart.sh: gets what is missing from the
# distribution and builds in build/.  $top is the source directory.

EX_UNAVAILABLE=69
build=${BUILD:-$top/build}
# One more line of defence against a terminal question nobody is there to answer.
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
PATH=$PATH:/usr/sbin:/sbin
export PATH

say() {
	printf '%s\n' "$*"
}

# What is needed, how to see that it is there, and what distributions call it:
#   kind name        Debian             Fedora            Arch          Alpine
# A kind is command, module (pkg-config), header or file (a shell pattern); - is not known.
needs_to_build='
command cc           build-essential    gcc               gcc           build-base
command make         build-essential    make              make          build-base
command autoreconf   autoconf           autoconf          autoconf      autoconf
command automake     automake           automake          automake      automake
command pkg-config   pkg-config         pkgconf-pkg-config pkgconf      pkgconf
module  gnutls       libgnutls28-dev    gnutls-devel      gnutls        gnutls-dev
module  libgsasl     libgsasl-dev       libgsasl-devel    gsasl         gsasl-dev
module  libidn2      libidn2-dev        libidn2-devel     libidn2       libidn2-dev
header  unistr.h     libunistring-dev   libunistring-devel libunistring libunistring-dev
module  jansson      libjansson-dev     jansson-devel     jansson       jansson-dev
'
needs_to_test='
module  criterion    libcriterion-dev   criterion-devel   criterion     criterion-dev
'
# Without these single tests are skipped, each saying why.
helps_to_test='
header  cdb.h        libcdb-dev         tinycdb-devel     tinycdb       tinycdb-dev
command cdb          tinycdb            tinycdb           tinycdb       tinycdb
command mandoc       mandoc             mandoc            mandoc        mandoc
command msmtp        msmtp              msmtp             msmtp         msmtp
command python3      python3            python3           python        python3
command openssl      openssl            openssl           openssl       openssl
command perl         perl-base          perl-interpreter  perl          perl
command postfix      postfix            postfix           postfix       postfix
file    /usr/lib/postfix/postfix-cdb.so postfix-cdb       -  -  -
command saslpasswd2  sasl2-bin          cyrus-sasl        cyrus-sasl    cyrus-sasl
file    /usr/lib*/*/sasl2/libcrammd5.so libsasl2-modules  -  -  -
command softhsm2-util softhsm2          softhsm           softhsm       softhsm
command p11tool      gnutls-bin         gnutls-utils      gnutls        gnutls-utils
command kinit        krb5-user          krb5-workstation  krb5          krb5
'
# The same, but a package that would serve the machine from its next start on.
services_to_test='
command gnome-keyring-daemon gnome-keyring gnome-keyring  gnome-keyring gnome-keyring
command secret-tool  libsecret-tools    libsecret         libsecret     libsecret
command dbus-run-session dbus-daemon    dbus-daemon       dbus          dbus
command krb5kdc      krb5-kdc           krb5-server       krb5          krb5-server
command kadmin.local krb5-admin-server  krb5-server       krb5          krb5-server
command doveadm      dovecot-core       dovecot           dovecot       dovecot
file    /usr/lib*/dovecot/submission-login dovecot-submissiond - -      dovecot-submissiond
'

distribution() {
	for tool in apt-get dnf pacman apk; do
		command -v "$tool" >/dev/null 2>&1 || continue
		say "$tool"
		return
	done
	say none
}

is_there() {
	case $1 in
	command) command -v "$2" >/dev/null 2>&1 ;;
	module) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
	header) [ -n "$(find /usr/include /usr/local/include -name "$2" 2>/dev/null)" ] ;;
	file) find_file "$2" ;;
	esac
}

find_file() {
	# The pattern is meant to be expanded.
	# shellcheck disable=SC2086
	set -- $1
	[ -e "$1" ]
}

# The packages of a list that are missing, by their names here.
missing() {
	tool=$(distribution)
	say "$1" | while read -r kind name debian fedora arch alpine; do
		[ -n "$kind" ] || continue
		if is_there "$kind" "$name"; then
			continue
		fi
		case $tool in
		dnf) package=$fedora ;;
		pacman) package=$arch ;;
		apk) package=$alpine ;;
		*) package=$debian ;;
		esac
		[ "$package" = - ] || say "$package"
	done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# Runs a command as root, when that needs no password.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	else
		return 1
	fi
}

may_install() {
	[ "$(distribution)" != none ] && [ -z "${NO_INSTALL:-}" ] && as_root true 2>/dev/null
}

apt_has_lists() {
	find_file '/var/lib/apt/lists/*_Packages*' || find_file '/var/lib/apt/lists/*_InRelease'
}

# Servers are for the tests to start, not for the packages.
# shellcheck disable=SC2016
without_starting='
	policy=/usr/sbin/policy-rc.d
	[ ! -e $policy ] || exec "$@"
	trap "rm -f $policy" EXIT
	trap "exit 143" HUP INT TERM
	printf "#!/bin/sh\nexit 101\n" >$policy
	chmod 755 $policy
	"$@"
'

apt_get() {
	as_root sh -c "$without_starting" sh \
		apt-get -q install -y --no-install-recommends --no-remove "$@"
}

apt_install() {
	case " $* " in
	*' postfix '*)
		# Else it would be set up to take mail from the network.
		say 'postfix postfix/main_mailer_type select No configuration' |
			as_root debconf-set-selections 2>/dev/null || : ;;
	esac
	apt_has_lists || as_root apt-get -q update || return 1
	apt_get "$@" && return
	# Lists may be older than what the archive still holds.
	as_root apt-get -q update && apt_get "$@"
}

install_packages() {
	case $(distribution) in
	apt-get) apt_install "$@" ;;
	dnf) as_root dnf -q -y install "$@" ;;
	pacman) as_root pacman -S --needed --noconfirm "$@" ;;
	apk) as_root apk add -q "$@" ;;
	esac
}

how_to_install() {
	case $(distribution) in
	apt-get) say "apt-get install $*" ;;
	dnf) say "dnf install $*" ;;
	pacman) say "pacman -S $*" ;;
	apk) say "apk add $*" ;;
	*) say "your package manager; Debian calls them: $*" ;;
	esac
}

# Runs a command with its output in the log, whose end is shown when it fails.
quietly() {
	"$@" >>"$setup_log" 2>&1 </dev/null && return
	tail -n 40 "$setup_log" >&2
	say "setup: '$*' failed; all of its output is in $setup_log" >&2
	return 1
}

# setup_need LIST: installs what is missing of it, or says what to install and leaves.
setup_need() {
	packages=$(missing "$1")
	[ -n "$packages" ] || return 0
	if may_install; then
		say "Installing: $packages"
		# shellcheck disable=SC2086
		quietly install_packages $packages
	fi
	packages=$(missing "$1")
	[ -n "$packages" ] || return 0
	# shellcheck disable=SC2086
	{
		say "These packages are missing: $packages"
		say "As root: $(how_to_install $packages)"
	} >&2
	exit $EX_UNAVAILABLE
}

# setup_want LIST: the same one by one, and going on without.
setup_want() {
	for package in $(missing "$1"); do
		if may_install; then
			say "Installing: $package"
			install_packages "$package" >>"$setup_log" 2>&1 </dev/null && continue
		fi
		say "Going on without $package."
	done
}

# setup_want_service LIST: only where no service manager would start it one day.
setup_want_service() {
	if [ -d /run/systemd/system ] && [ -n "$(missing "$1")" ]; then
		say "Going on without $(missing "$1"): it would serve this machine."
		return
	fi
	setup_want "$1"
}

setup_begin() {
	mkdir -p "$build" || exit 73
	setup_log=$build/setup.log
	: >"$setup_log" || exit 73
}

processors() {
	getconf _NPROCESSORS_ONLN 2>/dev/null || say 1
}

# Is the configure script there and newer than all that it is made of?
configure_is_new() {
	[ -x "$top/configure" ] && [ -f "$top/Makefile.in" ] &&
		[ -z "$(find "$top" -name build -prune -o -newer "$top/configure" \
			\( -name configure.ac -o -name Makefile.am -o -name local.mk \) -print)" ]
}

in_build() {
	(cd "$build" && "$@")
}

in_top() {
	(cd "$top" && "$@")
}

# setup_configure OPTION...: makes configure, and configures when that is needed.
setup_configure() {
	configure_is_new || quietly in_top autoreconf -fi || exit 1
	if [ -f "$build/Makefile" ] && [ -z "$(find "$top/configure" -newer "$build/Makefile")" ] &&
	    [ "$(cat "$build/setup.options" 2>/dev/null)" = "$top $*" ]; then
		return
	fi
	quietly in_build "$top/configure" "$@" || exit 1
	say "$top $*" >"$build/setup.options"
}

# setup_make TARGET...: in the build directory, with every processor.
setup_make() {
	quietly in_build make -s -j "$(processors)" "$@" || exit 1
}
