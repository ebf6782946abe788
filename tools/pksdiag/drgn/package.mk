# SPDX-License-Identifier: GPL-2.0
# The package for drgn: Python, but for the words of explanations, which it
# takes from the tool's sources.

PYTHON ?= /usr/bin/python3
DRGN_PACKAGE := drgn/pksdiag_drgn
DRGN_WORDS := $(DRGN_PACKAGE)/words.json
DRGN_DIR = $(PREFIX)/lib/pksdiag

all: $(DRGN_WORDS)
install: install-drgn

$(DRGN_WORDS): $(OBJ)/words
	$(call quiet,GEN,$< > $@.new && mv $@.new $@)

$(OBJ)/words: drgn/words.c $(LIB) drgn/package.mk
	$(call quiet,LD,$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ drgn/words.c $(LIB) $(LIBS))

# Not where Python looks by itself: that differs from one distribution to the
# next, and `pip install tools/pksdiag/drgn` knows it.
install-drgn: $(DRGN_WORDS)
	install -d $(DESTDIR)$(DRGN_DIR)/pksdiag_drgn $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(DRGN_PACKAGE)/*.py $(DRGN_PACKAGE)/py.typed $(DRGN_WORDS) \
		$(DESTDIR)$(DRGN_DIR)/pksdiag_drgn
	install -m 755 drgn/pksdiag-drgn $(DESTDIR)$(DRGN_DIR)/pksdiag-drgn
	ln -sf ../lib/pksdiag/pksdiag-drgn $(DESTDIR)$(PREFIX)/bin/pksdiag-drgn

clean: clean-drgn

clean-drgn:
	rm -f $(DRGN_WORDS)

.PHONY: install-drgn clean-drgn
