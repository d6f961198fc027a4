# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            build/passthru-init (the agent), build/passthru (the command), the man pages
# make check      install what the tests need, build, run all tests that are quick (README.md)
# make demo       show it at work: a Debian guest whose devices go to vfio-pci before any driver
# make vm         the whole matrix of boots on real kernels, Debian 12 and 13, with and without Xen
# make bench      what the agent costs beside the ways of today
# make lint       formatting and static checks, warnings are errors
# make install    DESTDIR= PREFIX=
# make clean      all that is built; downloads and Debian roots stay (make distclean)

PREFIX ?= /usr
# dracut looks for modules nowhere else
DRACUTDIR ?= /usr/lib/dracut
UNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=
BUILD ?= build
CC ?= cc
CFLAGS ?= -O2 -g
CLANG_FORMAT ?= $(firstword $(shell command -v clang-format-14 clang-format))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

HARDENING := -fPIE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-ftrivial-auto-var-init=zero
LINK_HARDENING := -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
WARNINGS := -Wall -Wextra -Werror=implicit -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wconversion -Wno-sign-conversion
BASE_CFLAGS := -std=gnu17 -D_GNU_SOURCE -Isrc -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)
ALL_CFLAGS = $(BASE_CFLAGS) $(HARDENING) $(CFLAGS) $(CPPFLAGS)
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

COMMON_SOURCES := $(wildcard $(foreach d,util want import facts plan apply report,src/$(d)/*.c))
AGENT_SOURCES := $(wildcard src/init/*.c)
COMMAND_SOURCES := $(wildcard src/cli/*.c)
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
MAN_SOURCES := $(wildcard conf/*.scd)
# What another release can show that the first does not: its kernel, dracut, Xen, and a guest.
TRIXIE_CASES := file-three builtin-driver xen-file xen-iommu-off xen-guest assign xen-assign-guest

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
AGENT_OBJECTS := $(call objects,$(AGENT_SOURCES))
COMMAND_OBJECTS := $(call objects,$(COMMAND_SOURCES))
COMMON_OBJECTS := $(call objects,$(COMMON_SOURCES))
# Of what is common, each program gets what it uses: libblkid, for one, is not the agent's.
COMMON := $(BUILD)/libpassthru.a
UNIT_HELPERS := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
SANITIZED_OBJECTS := $(patsubst %.c,$(BUILD)/sanitized/%.o,$(COMMON_SOURCES) $(UNIT_HELPERS))
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SOURCES))
MAN_PAGES := $(patsubst conf/%.scd,$(BUILD)/man/%,$(MAN_SOURCES))
LIBKMOD := $(BUILD)/kmod/libkmod.a

LIBRARIES := -linih -ljson-c -lmd
AGENT_LIBRARIES = $(LIBKMOD) $(LIBRARIES) $$(cat $(BUILD)/kmod/libkmod.libs)

.PHONY: all agent man units check demo vm bench lint install clean distclean
.DELETE_ON_ERROR:

all: agent $(BUILD)/passthru man

agent: $(BUILD)/passthru-init

man: $(MAN_PAGES)

$(BUILD)/passthru-init: $(AGENT_OBJECTS) $(COMMON) $(LIBKMOD)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -static-pie $(LINK_HARDENING) $(LDFLAGS) -o $@ $(AGENT_OBJECTS) $(COMMON) $(AGENT_LIBRARIES)

$(BUILD)/passthru: $(COMMAND_OBJECTS) $(COMMON)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -pie $(LINK_HARDENING) $(LDFLAGS) -o $@ $(COMMAND_OBJECTS) $(COMMON) $(LIBRARIES) -lkmod -lblkid -lpci

$(COMMON): $(COMMON_OBJECTS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $(COMMON_OBJECTS)

$(BUILD)/obj/%.o: %.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIBKMOD): packaging/libkmod.sh packaging/libkmod-config.h
	$(call say,KMOD,$@)
	$(Q)CC="$(CC)" CFLAGS="-O2 $(HARDENING)" DOWNLOADS=$(BUILD)/cache packaging/libkmod.sh $(BUILD)/kmod

$(BUILD)/man/%: conf/%.scd
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)scdoc <$< >$@

# Unit tests are built with the sanitizers, apart from everything that is installed.
$(BUILD)/sanitized/%.o: %.c Makefile
	$(call say,CC,$< (sanitized))
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) -Itests/unit $(SANITIZE) -MMD -MP -c -o $@ $<

$(UNITS): $(BUILD)/unit/%: $(BUILD)/sanitized/tests/unit/%.o $(SANITIZED_OBJECTS)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lcmocka

# Lays a recorded host out for the tests of the programs.
$(BUILD)/unit/lay-out: $(BUILD)/sanitized/tests/programs/lay-out.o $(SANITIZED_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lcmocka

units: $(UNITS) $(BUILD)/unit/lay-out

check:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all units
	$(Q)tests/run.sh $(BUILD)

vm:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)mkdir -p $(BUILD)/tap
	$(Q)-tests/vm/run.sh >$(BUILD)/tap/vm-bookworm.tap
	$(Q)-SUITE=trixie tests/vm/run.sh $(TRIXIE_CASES) >$(BUILD)/tap/vm-trixie.tap
	$(Q)tests/tap-count.sh $(BUILD)/tap/vm-*.tap

# How long the agent takes beside what users do today; only ratios mean something.
bench:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)tests/bench/xen-seize.sh

demo:
	$(Q)packaging/build-deps.sh build check
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)tests/vm/demo.sh

lint:
	$(Q)packaging/build-deps.sh build check lint
	$(Q)tests/lint.sh

# The scripts and the unit name the agent and the command by their full paths.
INSTALLED_TEXTS = $(PREFIX)/lib/passthru/contents.sh $(UNITDIR)/passthru-init.service \
	$(addprefix $(DRACUTDIR)/modules.d/50passthru/,module-setup.sh passthru-hook.sh)

install: all
	install -Dm755 -t $(DESTDIR)$(PREFIX)/bin $(BUILD)/passthru
	install -Dm755 -s -t $(DESTDIR)$(PREFIX)/lib/passthru $(BUILD)/passthru-init
	install -Dm644 -t $(DESTDIR)$(PREFIX)/lib/passthru hook/contents.sh
	install -Dm644 -t $(DESTDIR)$(UNITDIR) hook/passthru-init.service
	install -Dm755 -t $(DESTDIR)$(DRACUTDIR)/modules.d/50passthru dracut-module/50passthru/*.sh
	install -Dm644 -t $(DESTDIR)$(DRACUTDIR)/dracut.conf.d dracut-module/50-passthru.conf
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/doc/passthru README.md conf/passthru.conf
	$(foreach page,$(MAN_PAGES),install -Dm644 -t $(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page))) $(page) &&) :
	sed -i -e 's,/usr/\(lib\|bin\)/passthru\b,$(PREFIX)/\1/passthru,g' \
		-e 's,/usr/lib/systemd/system,$(UNITDIR),' $(addprefix $(DESTDIR),$(INSTALLED_TEXTS))
	test -e $(DESTDIR)/etc/passthru.conf || install -Dm644 -t $(DESTDIR)/etc conf/passthru.conf

clean:
	rm -rf $(filter-out $(BUILD)/cache $(BUILD)/vm,$(wildcard $(BUILD)/*))

# Debian's roots in it belong to root.
distclean:
	rm -rf $(BUILD) 2>/dev/null || sudo rm -rf --one-file-system $(BUILD)

-include $(patsubst %.o,%.d,$(AGENT_OBJECTS) $(COMMAND_OBJECTS) $(COMMON_OBJECTS) $(SANITIZED_OBJECTS))
-include $(wildcard $(BUILD)/sanitized/tests/*/*.d)
