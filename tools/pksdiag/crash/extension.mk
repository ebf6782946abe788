# SPDX-License-Identifier: GPL-2.0
# The extension of the crash utility. Where the headers of crash are not
# installed it is left out, and one line says so.

CRASH_INC ?= /usr/include/crash
CRASH_EXTDIR ?= /usr/lib/crash/extensions

CRASH_SRC := extension.c request.c help.c address.c address_text.c address_json.c \
	page_walk.c keys.c run.c crash_memory.c crash_try.c
# All of the tool but its main(), and what reads no kernel.
CRASH_LIB := $(LIB_SRC) $(filter-out main.c decode.c capture.c version.c,$(TOOL_SRC))
CRASH_OBJ := $(O)/obj-crash
CRASH_OBJS := $(CRASH_SRC:%.c=$(CRASH_OBJ)/crash/%.o) $(CRASH_LIB:%.c=$(CRASH_OBJ)/%.o) \
	$(SHARED_SRC:%.c=$(CRASH_OBJ)/shared_%.o)
EXTENSION := $(O)/pksdiag.so

# crash exports twelve thousand names, some of them the names of functions of
# ours: whatever is hidden cannot be mistaken for them.
CRASH_CFLAGS = $(ALL_CFLAGS) -fPIC -fvisibility=hidden

ifneq ($(wildcard $(CRASH_INC)/defs.h),)
all: $(EXTENSION)
install: install-extension
else
all: no-extension
endif

$(EXTENSION): $(CRASH_OBJS)
	$(call quiet,LD,$(CC) $(CRASH_CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(LIBS))

$(CRASH_OBJ)/%.o: %.c Makefile crash/extension.mk | $(CRASH_OBJ)
	$(call quiet,CC,$(CC) $(CRASH_CFLAGS) -MMD -MP -c -o $@ $<)

$(CRASH_OBJ)/crash/%.o: CRASH_CFLAGS += -isystem $(dir $(CRASH_INC))

$(CRASH_OBJ)/shared_%.o: $(SHARED)/%.c Makefile crash/extension.mk | $(CRASH_OBJ)
	$(call quiet,CC,$(CC) $(CRASH_CFLAGS) -MMD -MP -c -o $@ $<)

$(CRASH_OBJ):
	@mkdir -p $@/crash

no-extension:
	@echo '  SKIP    tools/pksdiag/pksdiag.so: no $(CRASH_INC)/defs.h (apt-get install crash)'

install-extension: $(EXTENSION)
	install -D -m 755 $(EXTENSION) $(DESTDIR)$(CRASH_EXTDIR)/pksdiag.so

clean-extension:
	rm -rf $(CRASH_OBJ) $(EXTENSION)

clean: clean-extension

-include $(wildcard $(CRASH_OBJ)/*.d $(CRASH_OBJ)/crash/*.d)

.PHONY: no-extension install-extension clean-extension
