# SPDX-License-Identifier: GPL-2.0
# What can be made here; `make help` prints the comments that begin with two hashes.

MAKEFLAGS += --no-print-directory
RUN := tests/vm/run

.PHONY: help demo check check-full scenarios sites bench deps kernel tool install shell style
.PHONY: convert-check series series-check clean distclean

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile | \
		awk -F '\t' '{ printf "make %-13s %s\n", $$1, $$2 }'

## demo: a stray write to PMEM, caught and explained, from nothing to the vmcore
demo: kernel tool
	tests/vm/demo

## check: build what is needed and run every test
check: kernel tool
	@$(MAKE) -C tools/pksdiag SAN=1
	@tests/run-all

## check-full: check, and every test that takes long: every configuration, hours
check-full: kernel tool
	@$(MAKE) -C tools/pksdiag SAN=1
	@tests/run-all --full

## scenarios: every way to fault, and whether its record says what it must
scenarios: kernel tool
	@tests/scenarios/run

## sites: workloads for the call sites of the kmap family, and what each of them did
sites: tool
	@tests/sites/run

## bench: what protection costs, in instructions, and an explanation, in ms and MiB
bench: kernel tool
	@status=0; tests/bench/run || status=$$?; \
	tests/bench/readers $(DEBIAN_VMLINUX:%=--debian %) || status=$$?; exit $$status

## kernel: the guest's kernel, in build/kernel (KSRC=DIR for another 6.1.y tree)
kernel: deps
	@scripts/build-kernel

## tool: tools/pksdiag
tool: deps
	@$(MAKE) -C tools/pksdiag

## deps: install the missing Debian packages
deps:
	@scripts/deps

## install: the tool, under PREFIX (default: /usr/local) in DESTDIR
install: tool
	@$(MAKE) -C tools/pksdiag install

## shell: a shell in the guest
shell: kernel
	@$(RUN) --shell

## style: checkpatch --strict, sparse and W=1 on our files
style: deps
	@tests/run-all tests/build/test_style

## convert-check: compile every file whose call sites were converted, minutes
convert-check: deps
	@scripts/convert-check

## series: the whole change as a series of patches for git am, in build/series
series: deps
	@scripts/make-series

## series-check: build every step of the series; takes most of an hour
series-check: deps
	@scripts/series-check

## clean: remove build/; the cache of built kernels stays
clean:
	rm -rf build
	-@$(MAKE) -C tools/pksdiag clean

## distclean: clean, and remove the cache
distclean: clean
	rm -rf "$${PKSDIAG_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/pksdiag}"
