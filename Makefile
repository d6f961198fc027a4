# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            build/passthru-init (the agent), build/passthru (the command), the man pages
# make test       build, run the unit and program tests: no network, no root, no QEMU, installs nothing
# make check      install what the tests need, build, run all tests that are quick (README.md)
# make demo       show it at work: a Debian guest whose devices go to vfio-pci before any driver
# make try        the same to try by hand: a whole Debian with a graphics card to assign, in this terminal
# make picture    docs/demo.dot and docs/demo.svg, the picture in README.md
# make tour       docs/tour.md, with what the commands print now
# make screens    tests/programs/expected/screens, what the commands print in a pipe and on terminals
# make faults     everything that can go wrong does: hours; FAULTS='boot.* *.kills' SHARD=0/4
# make vm         the whole matrix of boots on real kernels, Debian 12 and 13, with and without Xen; a
#                 minute of fuzzing for each target
# make bench      what the agent costs beside the ways of today
# make coverage   which lines of src/ the unit and program tests reach, a table
# make fuzz       a minute of fuzzing for each target, and the defects that it must find; FUZZ_SECONDS=
# make lint       formatting and static checks, warnings are errors
# make install    DESTDIR= PREFIX= BINDIR= ... ADAPTERS='dracut initramfs-tools ...' INSTALL_STRIP=1
# make uninstall  with the same variables
# make dist       build/passthru-VERSION.tar.gz
# make deb, rpm   packages, into build/packages, with what is installed: nothing is downloaded
# make clean      all that is built; downloads and Debian roots stay (make distclean)

VERSION := $(shell cat VERSION)
DESTDIR ?=
PREFIX ?= /usr
BINDIR ?= $(PREFIX)/bin
# The programs look in PREFIX for it, and only in /etc for their configuration.
LIBEXECDIR = $(PREFIX)/lib/passthru
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/passthru
SHAREDIR ?= $(PREFIX)/share/passthru
COMPLETIONSDIR ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONSDIR ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONSDIR ?= $(PREFIX)/share/fish/vendor_completions.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Empty where a distribution decides which services are enabled.
PRESETDIR ?= $(PREFIX)/lib/systemd/system-preset
ADAPTERS ?= dracut initramfs-tools mkinitcpio grub kernel-install
# These look nowhere else.
DRACUTDIR ?= /usr/lib/dracut
INITRAMFSDIR ?= /usr/share/initramfs-tools
INITCPIODIR ?= /usr/lib/initcpio
KERNELINSTALLDIR ?= /usr/lib/kernel/install.d
INSTALL_STRIP ?=
STRIP ?= strip
BUILD ?= build
# The date of man pages and of the tarball: that of the commit, which the tarball's files have.
export SOURCE_DATE_EPOCH ?= $(shell test -e .git && git log -1 --format=%ct 2>/dev/null || stat -c %Y VERSION)
# Source packages that the build fetched.
DOWNLOADS ?= $(BUILD)/cache
CC ?= cc
# For a program that makes the manual, where $(CC) compiles for another machine.
HOSTCC ?= $(if $(findstring -gcc,$(CC)),cc,$(CC))
CFLAGS ?= -O2 -g
CLANG_FORMAT ?= $(firstword $(shell command -v clang-format-14 clang-format))
# The agent's C library: musl (small), or glibc, which stands for whatever $(CC) has:
# then the distribution's own archives.
LIBC ?= musl
# static, or dynamic for those who must not link statically: with the libraries of $(CC).
AGENT ?= static

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

HARDENING := -fPIE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-ftrivial-auto-var-init=zero
LINK_HARDENING := -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
WARNINGS := -Wall -Wextra -Werror=implicit -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wconversion -Wno-sign-conversion
BASE_CFLAGS := -std=gnu17 -D_GNU_SOURCE -DPASSTHRU_PREFIX='"$(PREFIX)"' \
	-DPASSTHRU_VERSION='"$(VERSION)"' -Isrc -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)
ALL_CFLAGS = $(BASE_CFLAGS) $(HARDENING) $(CFLAGS) $(CPPFLAGS)
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

COMMON := util system finding want facts plan probe probe/needs probe/xen session apply trial report
COMMON_SOURCES := $(wildcard $(addprefix src/,$(addsuffix /*.c,$(COMMON))))
AGENT_SOURCES := $(wildcard src/agent/*.c)
COMMAND_SOURCES := $(wildcard src/cli/*.c src/cli/*/*.c)
# What the manual says of findings and states, for the command.
EXPLANATIONS := $(BUILD)/generated/explanations.c
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
MAN_SOURCES := $(wildcard conf/*.scd)
comma := ,
# What another release can show that the first does not: its kernel, frameworks, LVM and mdadm, Xen,
# and a guest.
TRIXIE_CASES := dracut initramfs-tools mkinitcpio arm64 kernel-install initramfs-dep package-removed file-three hotplug hotplug-udevd sriov-all sriov-igb \
	builtin-driver uefi-archive uefi-hook uefi-stub uefi-secure-boot rdinit rdinit-truncated.agent verify-systemd network-nbd network-nfs.recorded network-iscsi.rescued network-links xen-file xen-iommu-off xen-guest root-lvm.class root-md.id rescue.id \
	assign xen-assign-guest golden-sriov golden-hotplug golden-ids golden-rescue golden-verify golden-assign golden-status golden-sandbox trial-agent trial-proven trial-grub

# The newest of all: its kernel, systemd, kmod and frameworks.
SID_CASES := file-three rdinit verify-systemd hotplug

# The two programs do not have one C library, so each has objects of its own.
objects = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))
AGENT_OBJECTS := $(call objects,agent,$(AGENT_SOURCES))
COMMAND_OBJECTS := $(call objects,obj,$(COMMAND_SOURCES) $(EXPLANATIONS))
# Of what is common, each program gets what it uses: libblkid, libmount and libmnl are not the agent's.
AGENT_COMMON := $(BUILD)/agent/libpassthru.a
COMMAND_COMMON := $(BUILD)/obj/libpassthru.a
UNIT_HELPERS := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
# What has a main function, or is PID 1, no unit test has in it.
PROGRAM_SOURCES := src/agent/main.c src/agent/pid1.c src/cli/main.c
SANITIZED_OBJECTS := $(call objects,sanitized,$(filter-out $(PROGRAM_SOURCES),\
	$(COMMON_SOURCES) $(AGENT_SOURCES) $(COMMAND_SOURCES)) $(UNIT_HELPERS) $(EXPLANATIONS))
SANITIZED := $(BUILD)/sanitized/libpassthru.a
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SOURCES))
MAN_PAGES := $(patsubst conf/%.scd,$(BUILD)/man/%,$(MAN_SOURCES))
LIBRARIES := -linih -lmd

# What the fuzz targets have a host in memory for (tests/fuzz/model): all that does I/O.
FUZZ_REPLACED := $(addprefix src/system/,root.c file.c lock.c fd.c initramfs.c clock.c child.c command.c kmod.c replay.c netlink.c link_socket.c \
	efi_variable.c tree.c) src/probe/xen/hypercall.c
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
# -O0 is compiled soonest, which counts where only a little is run.
FUZZ_LEVEL ?= -O1
FUZZ_SOURCES := $(filter-out $(FUZZ_REPLACED),$(COMMON_SOURCES) $(AGENT_SOURCES) $(COMMAND_SOURCES)) \
	tests/unit/forms.c tests/unit/helpers.c tests/unit/host.c $(wildcard tests/fuzz/*.c tests/fuzz/*/*.c) $(EXPLANATIONS)
FUZZ_OBJECTS := $(call objects,fuzz/obj,$(FUZZ_SOURCES))
FUZZ_CFLAGS = $(BASE_CFLAGS) -Itests/unit -Itests/fuzz $(FUZZ_LEVEL) -g1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
# New ways through the product are what libFuzzer looks for, and through its kernel.
FUZZ_COVERED := src/% tests/fuzz/model/kernel.c
FUZZ_LIBRARIES := $(LIBRARIES) -ljson-c -lblkid -lmount -lmnl -lpci -lcmocka
# Their descriptors are the model's; it passes on what is not.
FUZZ_WRAPPED := $(addprefix -Wl$(comma)--wrap=,read write close poll)

# The agent is static, and no distribution has all it needs as archives (packaging/archives.sh). What
# nothing calls is left out of it. `musl-gcc -static-pie` would make a dynamic program, and
# -print-file-name name glibc's files, so musl's start files are taken from beside the one it links.
SMALL = $(SMALLEST) -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
AGENT_LIBRARIES = -L$(BUILD)/archives $(LIBRARIES)
ifeq ($(AGENT),dynamic)
AGENT_KIND := dynamic
AGENT_CC := $(CC)
ARCHIVES :=
AGENT_START := -pie
AGENT_END :=
AGENT_LIBRARIES = $(LIBRARIES)
else ifeq ($(LIBC),musl)
AGENT_KIND := musl
AGENT_CC := musl-gcc
ARCHIVES := md inih
MUSL = $(patsubst %/Scrt1.o,%,$(shell $(AGENT_CC) '-###' -x c /dev/null 2>&1 | grep -o '[^ ]*/Scrt1.o'))
AGENT_START = -static -nostartfiles -Wl,-pie,--no-dynamic-linker $(MUSL)/rcrt1.o $(MUSL)/crti.o
AGENT_END = $(MUSL)/crtn.o
else
AGENT_KIND := glibc
AGENT_CC := $(CC)
ARCHIVES := md inih
AGENT_START := -static-pie
AGENT_END :=
endif
# Since GCC 12.
SMALLEST := $(if $(shell $(AGENT_CC) -Oz -E -x c /dev/null >/dev/null 2>&1 && echo yes),-Oz,-Os)
AGENT_CFLAGS = $(ALL_CFLAGS) $(SMALL) -isystem $(BUILD)/archives/include

.PHONY: all agent man units faults-programs fuzz-targets test check faults fuzz demo try picture tour screens vm bench coverage lint install \
	uninstall dist deb rpm clean distclean
.DELETE_ON_ERROR:

all: agent $(BUILD)/passthru man

agent: $(BUILD)/passthru-init

man: $(MAN_PAGES)

$(BUILD)/passthru-init: $(AGENT_OBJECTS) $(AGENT_COMMON)
	$(call say,LINK,$@)
	$(Q)$(AGENT_CC) $(AGENT_CFLAGS) $(LINK_HARDENING) -Wl,--gc-sections $(LDFLAGS) -o $@ $(AGENT_START) $^ \
		$(AGENT_LIBRARIES) $(AGENT_END)

$(BUILD)/passthru: $(COMMAND_OBJECTS) $(COMMAND_COMMON)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -pie $(LINK_HARDENING) $(LDFLAGS) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lmount -lmnl -lpci

$(AGENT_COMMON): $(call objects,agent,$(COMMON_SOURCES))
$(COMMAND_COMMON): $(call objects,obj,$(COMMON_SOURCES))
$(SANITIZED): $(SANITIZED_OBJECTS)
%/libpassthru.a:
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

$(BUILD)/obj/%.o: %.c Makefile $(BUILD)/prefix
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/agent/%.o: %.c Makefile $(BUILD)/prefix $(BUILD)/archives/done
	$(call say,CC,$< (agent))
	@mkdir -p $(@D)
	$(Q)$(AGENT_CC) $(AGENT_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/archives/done: packaging/archives.sh packaging/archives-config.h $(BUILD)/libc
	@command -v $(firstword $(AGENT_CC)) >/dev/null || \
		{ echo "no $(AGENT_CC): install musl, or make LIBC=glibc" >&2; exit 1; }
	@mkdir -p $(@D)
	$(if $(ARCHIVES),$(call say,AR,$(addprefix lib,$(addsuffix .a,$(ARCHIVES)))))
	$(Q)$(if $(ARCHIVES),LIBC=$(LIBC) CC="$(AGENT_CC)" AR="$(AR)" CFLAGS="-Os $(SMALL) $(HARDENING)" \
		DOWNLOADS=$(DOWNLOADS) packaging/archives.sh $(BUILD)/archives $(ARCHIVES),rm -f $(BUILD)/archives/lib*.a)
	@touch $@

# They change when LIBC= or AGENT=, PREFIX= or the version, and FUZZ_LEVEL= do.
$(BUILD)/libc: VALUE = $(AGENT_KIND)
$(BUILD)/prefix: VALUE = $(PREFIX) $(VERSION)
$(BUILD)/fuzz/level: VALUE = $(FUZZ_LEVEL)
$(BUILD)/libc $(BUILD)/prefix $(BUILD)/fuzz/level: FORCE
	@mkdir -p $(@D)
	@echo $(VALUE) | cmp -s - $@ || echo $(VALUE) >$@

FORCE:

# Version, severities and remedies in the manual are those of the programs.
$(BUILD)/page: conf/page.c src/finding/catalogue.c src/util/memory.c Makefile $(BUILD)/prefix
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(BASE_CFLAGS) -O1 -MMD -MP -MF $@.d -MT $@ -o $@ $(filter %.c,$^)

$(EXPLANATIONS): conf/explanations.awk conf/passthru-findings.7.scd conf/passthru-report.5.scd
	$(call say,AWK,$@)
	@mkdir -p $(@D)
	$(Q)awk -f $^ >$@

$(BUILD)/man/%: conf/%.scd $(BUILD)/page
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/page <$< >$@.scd
	$(Q)scdoc <$@.scd >$@

# Unit tests are built with the sanitizers, apart from everything that is installed.
$(BUILD)/sanitized/%.o: %.c Makefile $(BUILD)/prefix
	$(call say,CC,$< (sanitized))
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) -Itests/unit $(SANITIZE) -MMD -MP -c -o $@ $<

# Here the doors to the host are replaced by ones that can be told to fail.
wrap = $(addprefix -Wl$(COMMA)--wrap=root_,$(1))
COMMA := ,
$(BUILD)/unit/test_unread: UNIT_LDFLAGS := $(call wrap,enter read read_attribute read_file readlink \
	link_name exists each_entry check_block open_device)
$(BUILD)/unit/test_scope: UNIT_LDFLAGS := $(call wrap,read_attribute)
$(BUILD)/unit/test_agent_rescue: UNIT_LDFLAGS := $(call wrap,write write_and_read read_attribute read_file \
	link_name exists each_entry replace_file remove lock)
$(BUILD)/unit/test_supervisor: UNIT_LDFLAGS := $(call wrap,open)
$(BUILD)/unit/test_settings: UNIT_LDFLAGS := $(call wrap,write)
$(BUILD)/unit/test_settle: UNIT_LDFLAGS := $(call wrap,write write_and_read)
$(BUILD)/unit/test_apply: UNIT_LDFLAGS := -Wl$(COMMA)--wrap=child_share
$(BUILD)/unit/test_image_trial: UNIT_LDFLAGS := -Wl$(COMMA)--wrap=trial_find_place
$(BUILD)/unit/test_vf_settings: UNIT_LDFLAGS := -Wl$(COMMA)--wrap=link_exchange
$(BUILD)/unit/test_xenbus: UNIT_LDFLAGS := $(call wrap,open_device)
# And here the system calls themselves.
wrap_calls = $(addprefix -Wl$(COMMA)--wrap=,$(1))
$(BUILD)/unit/test_child: UNIT_LDFLAGS := $(call wrap_calls,fork pipe2 poll mmap)
$(BUILD)/unit/test_efi_variable: UNIT_LDFLAGS := $(call wrap_calls,write)
$(BUILD)/unit/test_root_faults: UNIT_LDFLAGS := $(call wrap_calls,read write readlinkat fstat lseek fallocate \
	ftruncate fsync flock mkdirat renameat syscall fcntl)

$(UNITS): $(BUILD)/unit/%: $(BUILD)/sanitized/tests/unit/%.o $(SANITIZED)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) $(UNIT_LDFLAGS) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lmount -lmnl -lpci -lcmocka -ljson-c

# For the tests of the programs: one lays a recorded host out, one is a sandbox. No sanitizers, which take ten times as
# long as their work, a few thousand times.
AIDS := lay-out refuse
AID_HELPERS := $(call objects,obj,$(addprefix tests/unit/,helpers.c host.c refuse.c tree.c))
$(call objects,obj,$(AIDS:%=tests/programs/%.c)) $(AID_HELPERS): ALL_CFLAGS += -Itests/unit
$(AIDS:%=$(BUILD)/unit/%): $(BUILD)/unit/%: $(BUILD)/obj/tests/programs/%.o $(AID_HELPERS) $(COMMAND_COMMON)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ $(LIBRARIES) -lmnl -lcmocka

units: $(UNITS) $(BUILD)/unit/lay-out $(BUILD)/unit/refuse

# The harness of tests/faults.sh is no program under test: no sanitizers, since it starts hundreds of
# thousands of processes. allocation.c counts allocations, in an agent of its own and in any command.
FAULTS_OBJECTS := $(filter-out %/allocation.o %/planted.o,$(call objects,obj,$(wildcard tests/faults/*.c)))
WRAPPED := malloc calloc realloc

$(FAULTS_OBJECTS): ALL_CFLAGS += -I$(BUILD)/faults
$(FAULTS_OBJECTS): | $(BUILD)/faults/call-names.h

$(BUILD)/faults/call-names.h:
	@mkdir -p $(@D)
	$(Q)echo '#include <sys/syscall.h>' | $(CC) -E -dM - | \
		sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/[__NR_\1] = "\1",/p' >$@

$(BUILD)/faults/faults: $(FAULTS_OBJECTS) $(COMMAND_COMMON)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -ljson-c

$(BUILD)/faults/planted: $(BUILD)/obj/tests/faults/planted.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/faults/allocation.so: tests/faults/allocation.c tests/faults/allocation.h
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) -Wno-missing-prototypes $(CFLAGS) -shared -fPIC -o $@ $<

$(BUILD)/faults/allocation.o: tests/faults/allocation.c tests/faults/allocation.h $(BUILD)/archives/done
	$(call say,CC,$< (agent))
	@mkdir -p $(@D)
	$(Q)$(AGENT_CC) $(AGENT_CFLAGS) -DWRAP -c -o $@ $<

$(BUILD)/faults/passthru-init: $(AGENT_OBJECTS) $(BUILD)/faults/allocation.o $(AGENT_COMMON)
	$(call say,LINK,$@)
	$(Q)$(AGENT_CC) $(AGENT_CFLAGS) $(LINK_HARDENING) -Wl,--gc-sections $(addprefix -Wl$(comma)--wrap=,$(WRAPPED)) \
		$(LDFLAGS) -o $@ $(AGENT_START) $^ $(AGENT_LIBRARIES) $(AGENT_END)

faults-programs: $(addprefix $(BUILD)/faults/,faults passthru-init allocation.so planted)

# Both programs in one: their main functions get names of their own.
$(BUILD)/fuzz/obj/src/agent/main.o: FUZZ_MAIN := -Dmain=agent_main
$(BUILD)/fuzz/obj/src/cli/main.o: FUZZ_MAIN := -Dmain=command_main
$(BUILD)/fuzz/obj/%.o: %.c Makefile $(BUILD)/prefix $(BUILD)/fuzz/level
	$(call say,CC,$< (fuzz))
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) $(if $(filter src/%,$<),-w) \
		$(if $(filter $(FUZZ_COVERED),$<),-fsanitize=fuzzer-no-link) $(FUZZ_MAIN) -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/fuzz: $(FUZZ_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer $(FUZZ_WRAPPED) -o $@ $^ $(FUZZ_LIBRARIES)

# The same with changed.c in the place of DEFECT_SOURCE, for tests/fuzz/run.sh.
$(BUILD)/fuzz/defects/%/fuzz: $(BUILD)/fuzz/defects/%/changed.c $(FUZZ_OBJECTS)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -w -fsanitize=fuzzer $(FUZZ_WRAPPED) -iquote $(dir $(DEFECT_SOURCE)) -o $@ $< \
		$(filter-out $(call objects,fuzz/obj,$(DEFECT_SOURCE)),$(FUZZ_OBJECTS)) $(FUZZ_LIBRARIES)

fuzz-targets: $(BUILD)/fuzz/fuzz

# A test whose tool is not here is skipped, and says so.
test: all units
	$(Q)tests/run.sh --test $(BUILD)

check:
	$(Q)packaging/build-deps.sh build glibc check fuzz
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) FUZZ_LEVEL=-O0 all units faults-programs fuzz-targets
	$(Q)tests/run.sh $(BUILD)

# FAULTS= picks some of it, SHARD=I/N the Ith of N parts: tests/README.md, Faults.
faults:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all $(BUILD)/unit/lay-out faults-programs
	$(Q)mkdir -p $(BUILD)/tap
	$(Q)-tests/faults.sh $(BUILD) $(FAULTS) >$(BUILD)/tap/faults-all.tap
	$(Q)tests/tap-count.sh $(BUILD)/tap/faults-all.tap

vm:
	$(Q)packaging/build-deps.sh build check vm fuzz
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all faults-programs fuzz-targets
	$(Q)mkdir -p $(BUILD)/tap
	$(Q)-tests/packaging.sh >$(BUILD)/tap/vm-packaging.tap
	$(Q)-tests/fuzz/run.sh >$(BUILD)/tap/vm-fuzz.tap
	$(Q)-tests/vm/run.sh >$(BUILD)/tap/vm-bookworm.tap
	$(Q)-SUITE=trixie tests/vm/run.sh $(TRIXIE_CASES) >$(BUILD)/tap/vm-trixie.tap
	$(Q)-SUITE=sid tests/vm/run.sh $(SID_CASES) >$(BUILD)/tap/vm-sid.tap
	$(Q)tests/tap-count.sh $(BUILD)/tap/vm-*.tap

# How long the agent takes beside the floor and what users do today: docs/performance.md.
bench:
	$(Q)packaging/build-deps.sh build check bench
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)tests/bench/run.sh

# A build of its own, with glibc: gcov's library is not for musl. tests/coverage.c is in each program.
COVERAGE := -O0 -g --coverage -Wl,--wrap=_exit,--wrap=__gcov_execv

coverage:
	$(Q)packaging/build-deps.sh build glibc check
	$(Q)mkdir -p $(BUILD)/coverage
	$(Q)$(CC) -O2 -D_GNU_SOURCE -c -o $(BUILD)/coverage/coverage.o tests/coverage.c
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) BUILD=$(BUILD)/coverage DOWNLOADS=$(DOWNLOADS) LIBC=glibc \
		HARDENING= CFLAGS='$(COVERAGE)' SANITIZE='$(COVERAGE)' \
		LIBRARIES='$(BUILD)/coverage/coverage.o $(LIBRARIES)' all units
	$(Q)tests/coverage.sh $(BUILD)/coverage

# An hour each: make fuzz FUZZ_SECONDS=3600.
fuzz:
	$(Q)packaging/build-deps.sh build check fuzz
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) fuzz-targets
	$(Q)mkdir -p $(BUILD)/tap
	$(Q)-tests/fuzz/run.sh --seconds $(FUZZ_SECONDS) >$(BUILD)/tap/fuzz.tap
	$(Q)tests/tap-count.sh $(BUILD)/tap/fuzz.tap

demo:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)tests/vm/demo.sh

try:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)tests/vm/try.sh

picture: $(BUILD)/passthru $(BUILD)/unit/lay-out
	$(Q)packaging/build-deps.sh picture
	$(Q)tests/picture.sh $(BUILD) docs/demo

# Both need jq, cc, depmod and script(1).
tour: $(BUILD)/passthru $(BUILD)/unit/lay-out
	$(Q)tests/tour.sh $(BUILD) <docs/tour.md >$(BUILD)/tour.md
	$(Q)mv $(BUILD)/tour.md docs/tour.md

screens: $(BUILD)/passthru $(BUILD)/unit/lay-out
	$(Q)rm -rf tests/programs/expected/screens
	$(Q)tests/screens.sh $(BUILD) tests/programs/expected/screens

lint:
	$(Q)packaging/build-deps.sh build check lint
	$(Q)tests/lint.sh

# What is installed, as rows MODE:FILE:WHERE.
in_folder = $(foreach file,$(2),$(1):$(file):$(3)/$(notdir $(file)))
INSTALLED = 755:$(BUILD)/passthru:$(BINDIR)/passthru \
	755:$(BUILD)/passthru-init:$(LIBEXECDIR)/passthru-init \
	644:hook/contents.sh:$(LIBEXECDIR)/contents.sh \
	$(call in_folder,644,$(patsubst %,hook/passthru-%.service,init rescue verify prove confirm vfs) hook/passthru-vfs.path,$(UNITDIR)) \
	$(if $(PRESETDIR),644:hook/50-passthru.preset:$(PRESETDIR)/50-passthru.preset) \
	644:conf/completions/passthru.bash:$(COMPLETIONSDIR)/passthru \
	644:conf/completions/_passthru:$(ZSH_COMPLETIONSDIR)/_passthru \
	644:conf/completions/passthru.fish:$(FISH_COMPLETIONSDIR)/passthru.fish \
	$(call in_folder,644,README.md conf/passthru.conf,$(DOCDIR)) \
	$(call in_folder,644,$(wildcard docs/*.schema.json),$(SHAREDIR)) \
	$(foreach page,$(MAN_PAGES),644:$(page):$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	$(foreach adapter,$(ADAPTERS),$(INSTALLED_$(adapter)))
INSTALLED_dracut = $(call in_folder,755,$(wildcard dracut-module/50passthru/*.sh),$(DRACUTDIR)/modules.d/50passthru) \
	644:dracut-module/50-passthru.conf:$(DRACUTDIR)/dracut.conf.d/50-passthru.conf
INSTALLED_initramfs-tools = 755:initramfs-tools/post-update.d/passthru:$(SYSCONFDIR)/initramfs/post-update.d/passthru \
	$(foreach file,hooks/passthru $(addprefix scripts/,init-top/00-passthru $(addsuffix /passthru,init-premount local-block init-bottom)),\
		755:initramfs-tools/$(file):$(INITRAMFSDIR)/$(file)) \
	755:initramfs-tools/scripts/init-bottom/passthru:$(INITRAMFSDIR)/scripts/local-premount/passthru
INSTALLED_mkinitcpio = $(foreach file,install/passthru install/sd-passthru hooks/passthru,\
	644:hook/mkinitcpio/$(file):$(INITCPIODIR)/$(file))
INSTALLED_grub = 755:hook/grub/01_passthru:$(SYSCONFDIR)/grub.d/01_passthru \
	644:hook/grub/passthru.cfg:$(SYSCONFDIR)/default/grub.d/passthru.cfg
INSTALLED_kernel-install = 755:hook/kernel-install/58-passthru.install:$(KERNELINSTALLDIR)/58-passthru.install
words_of = $(subst :, ,$(1))
installed = $(foreach row,$(INSTALLED),$(DESTDIR)$(word 3,$(call words_of,$(row))))
SAMPLE = $(DESTDIR)$(SYSCONFDIR)/passthru.conf

# Scripts and units name these by their full paths.
RENAMED = -e 's,/usr/bin/passthru,$(BINDIR)/passthru,g' -e 's,/usr/lib/passthru/\(passthru-init\|contents\.sh\),$(LIBEXECDIR)/\1,g' \
	-e 's,/usr/lib/systemd/system,$(UNITDIR),'

define install_row
$(Q)install -D -m $(word 1,$(1)) $(word 2,$(1)) $(DESTDIR)$(word 3,$(1))

endef

# An administrator's configuration stays as it is, also when passthru is uninstalled.
install: all
	$(foreach adapter,$(filter-out dracut initramfs-tools mkinitcpio grub kernel-install,$(ADAPTERS)),$(error no such adapter: $(adapter)))
	$(foreach row,$(INSTALLED),$(call install_row,$(call words_of,$(row))))
	$(Q)$(if $(INSTALL_STRIP),$(STRIP) $(DESTDIR)$(BINDIR)/passthru $(DESTDIR)$(LIBEXECDIR)/passthru-init)
	$(Q)sed -i $(RENAMED) $(filter-out $(addprefix $(DESTDIR),$(BINDIR)/passthru $(LIBEXECDIR)/passthru-init $(MANDIR)/%),$(installed))
	$(Q)test -e $(SAMPLE) || install -D -m 644 conf/passthru.conf $(SAMPLE)

# With the variables that it was installed with. Folders that others use stay.
uninstall:
	$(Q)! cmp -s conf/passthru.conf $(SAMPLE) || rm -f $(SAMPLE)
	$(Q)rm -f $(installed)
	$(Q)for folder in $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DOCDIR) $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(DRACUTDIR)/modules.d/50passthru; do \
		test ! -d $$folder || rmdir $$folder; done

# The sources, the same bits wherever it is made: from a clone or from an unpacked one of these.
dist:
	$(Q)mkdir -p $(BUILD)
	$(Q)packaging/dist.sh passthru-$(VERSION) $(BUILD)/passthru-$(VERSION).tar.gz

# Into build/packages. What called this must not pass on its variables: the rules have their own.
deb: dist
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u SOURCE_DATE_EPOCH \
		packaging/deb.sh $(BUILD)/passthru-$(VERSION).tar.gz $(BUILD)/packages $(DEB_OPTIONS)

rpm: dist
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		packaging/rpm.sh $(BUILD)/passthru-$(VERSION).tar.gz $(BUILD)/packages $(RPM_OPTIONS)

clean:
	rm -rf $(filter-out $(BUILD)/cache $(BUILD)/vm,$(wildcard $(BUILD)/*))

# Debian's roots in it belong to root.
distclean:
	rm -rf $(BUILD) 2>/dev/null || sudo rm -rf --one-file-system $(BUILD)

-include $(wildcard $(BUILD)/page.d $(foreach d,agent obj sanitized fuzz/obj,$(BUILD)/$(d)/src/*/*.d $(BUILD)/$(d)/src/*/*/*.d) \
	$(foreach d,obj sanitized fuzz/obj,$(BUILD)/$(d)/tests/*/*.d $(BUILD)/$(d)/tests/*/*/*.d))
