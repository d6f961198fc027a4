# SPDX-License-Identifier: GPL-2.0-or-later
# The Makefile's part for make fuzz, not included yet: the targets are to be adapted to json_value.c first.
# make fuzz       a minute of fuzzing for each target, and the defects that it must find; FUZZ_SECONDS=
TRIXIE_CASES := dracut initramfs-tools mkinitcpio initramfs-dep package-removed file-three late-plug late-udevd sriov-all sriov-igb \
	assign xen-assign-guest golden-sriov golden-late golden-ids golden-heal golden-verify golden-assign golden-status golden-sandbox

# A comma, where one would end an argument.
, := ,
LIBRARIES := -linih -lmd

# What the fuzz targets have a host in memory for (tests/fuzz/model): all that does I/O.
FUZZ_REPLACED := $(addprefix src/,util/root.c util/module.c util/child.c util/command.c facts/hypercall.c)
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
FUZZ_SOURCES := $(filter-out $(FUZZ_REPLACED),$(COMMON_SOURCES) $(AGENT_SOURCES) $(COMMAND_SOURCES)) \
	tests/unit/forms.c tests/unit/host.c $(wildcard tests/fuzz/*.c tests/fuzz/*/*.c)
FUZZ_OBJECTS := $(call objects,fuzz/obj,$(FUZZ_SOURCES))
FUZZ_CFLAGS = $(BASE_CFLAGS) -Itests/unit -Itests/fuzz -O1 -g1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
# New ways through the product are what libFuzzer looks for, and through its kernel.
FUZZ_COVERED := src/% tests/fuzz/model/kernel.c
FUZZ_LIBRARIES := $(LIBRARIES) -ljson-c -lblkid -lpci -lcmocka
# Their descriptors are the model's; it passes on what is not.
FUZZ_WRAPPED := $(addprefix -Wl$(,)--wrap=,read write close poll)
ARCHIVES := z zstd lzma kmod md inih
.PHONY: all agent man units check demo vm bench fuzz fuzz-targets lint install clean distclean
# Here the doors to the host are replaced by ones that can be told to fail.
wrap = $(addprefix -Wl$(COMMA)--wrap=root_,$(1))
COMMA := ,
$(BUILD)/unit/test_unread: UNIT_LDFLAGS := $(call wrap,enter read read_attribute read_file readlink \
	link_name exists each_entry check_block open_device)
$(BUILD)/unit/test_healing: UNIT_LDFLAGS := $(call wrap,write write_and_read read_attribute read_file \
	link_name exists each_entry replace_file remove lock)
# And this is about the agent's own part.
$(BUILD)/unit/test_healing: $(patsubst %.c,$(BUILD)/sanitized/%.o,$(filter-out \
	src/init/main.c src/init/pid1.c,$(AGENT_SOURCES)))

	$(Q)$(CC) $(SANITIZE) $(UNIT_LDFLAGS) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lcmocka -ljson-c

# For the tests of the programs: one lays a recorded host out, one is a sandbox.
$(BUILD)/unit/lay-out $(BUILD)/unit/refuse: $(BUILD)/unit/%: $(BUILD)/sanitized/tests/programs/%.o $(SANITIZED_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBRARIES) -lkmod -lblkid -lcmocka -ljson-c

units: $(UNITS) $(BUILD)/unit/lay-out $(BUILD)/unit/refuse

# Both programs in one: their main functions get names of their own.
$(BUILD)/fuzz/obj/src/init/main.o: FUZZ_MAIN := -Dmain=agent_main
$(BUILD)/fuzz/obj/src/cli/main.o: FUZZ_MAIN := -Dmain=command_main
$(BUILD)/fuzz/obj/%.o: %.c Makefile $(BUILD)/prefix
	$(call say,CC,$< (fuzz))
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) $(if $(filter src/%,$<),-w) \
		$(if $(filter $(FUZZ_COVERED),$<),-fsanitize=fuzzer-no-link) $(FUZZ_MAIN) -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/fuzz: $(FUZZ_OBJECTS)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer $(FUZZ_WRAPPED) -o $@ $^ $(FUZZ_LIBRARIES)

# The same with changed.c in the place of DEFECT_SOURCE, for tests/fuzz/run.sh.
$(BUILD)/fuzz/defects/%/fuzz: $(BUILD)/fuzz/defects/%/changed.c $(FUZZ_OBJECTS)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -w -fsanitize=fuzzer $(FUZZ_WRAPPED) -iquote $(dir $(DEFECT_SOURCE)) -o $@ $< \
		$(filter-out $(call objects,fuzz/obj,$(DEFECT_SOURCE)),$(FUZZ_OBJECTS)) $(FUZZ_LIBRARIES)
fuzz-targets: $(BUILD)/fuzz/fuzz
	$(Q)packaging/build-deps.sh build glibc check fuzz
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all units fuzz-targets
# An hour each: make fuzz FUZZ_SECONDS=3600.
fuzz:
	$(Q)packaging/build-deps.sh build check fuzz
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) fuzz-targets
	$(Q)mkdir -p $(BUILD)/tap
	$(Q)-tests/fuzz/run.sh --seconds $(FUZZ_SECONDS) >$(BUILD)/tap/fuzz.tap
	$(Q)tests/tap-count.sh $(BUILD)/tap/fuzz.tap

-include $(wildcard $(foreach d,agent obj sanitized fuzz/obj,$(BUILD)/$(d)/src/*/*.d) \
	$(foreach d,sanitized fuzz/obj,$(BUILD)/$(d)/tests/*/*.d $(BUILD)/$(d)/tests/*/*/*.d))
