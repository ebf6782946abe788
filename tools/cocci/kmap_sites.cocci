// SPDX-License-Identifier: GPL-2.0
/// Classify the calls that map a page: kmap(), kmap_thread(), kmap_local_page(),
/// kmap_atomic() and their relatives.
///
///   thread    unmapped in the function on every path, or by every caller of a helper that
///             maps; the address does not escape
///   global    the address is stored in a structure or a global variable and stays mapped,
///             or it is returned to callers that are not all known
///   leak      a path leaves the page mapped, and nobody has the address any more
///   mismatch  what is unmapped is not what was mapped, or by the wrong function
///   unknown   none of these is proven; the reason says why
///
/// Report and Org mode print every site with the reason and the lines. Context mode marks
/// those that are not thread. Patch mode makes kmap() kmap_thread() where it is proven to
/// be thread and everything that unmaps there is, too.
///
/// This finds the sites and the paths without an unmap; kmap_flow.py, which must be in the
/// directory of this file, follows the address. A site is thread only if both agree.
///
// Confidence: Moderate
// Copyright: (C) 2026 the pksdiag developers.
// Comments: what is known of the functions that get the address is in the file callees
// Options: --no-includes --include-headers
// Keywords: kmap, kmap_thread, kmap_local_page, kmap_atomic, kunmap

virtual patch
virtual context
virtual org
virtual report

@initialize:python@
@@
import os
import sys

# coccilib does not say where this file is; the command line does.
with open('/proc/self/cmdline', encoding='utf-8', errors='replace') as file:
    for word in file.read().split('\0'):
        path = word.split('=', 1)[-1]
        if path.endswith('.cocci') and os.path.isfile(path):
            sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
import kmap_flow

@site@
position p;
@@
(
kmap@p
|
kmap_thread@p
|
kmap_local_page@p
|
kmap_local_page_prot@p
|
kmap_local_folio@p
|
kmap_local_pfn@p
|
bvec_kmap_local@p
|
kmap_atomic@p
|
kmap_atomic_prot@p
|
kmap_atomic_pfn@p
)
 (...)

// A path to the end of the function that unmaps nothing at all.
@bare exists@
identifier f, map;
position site.p, q;
@@
f(...)
{
... when any
map@p@q(...)
... when != \(kunmap(...)\|kunmap_thread(...)\|kunmap_local(...)\|kunmap_atomic(...)\)
}

@script:python@
p << bare.q;
@@
kmap_flow.path_without_unmap(p[0])

@script:python depends on report@
p << site.p;
@@
coccilib.report.print_report(p[0], kmap_flow.message(p[0]))

@script:python depends on org@
p << site.p;
@@
coccilib.org.print_todo(p[0], kmap_flow.message(p[0]))

@script:python other depends on context@
p << site.p;
@@
if kmap_flow.kind(p[0]) == 'thread':
    cocci.include_match(False)

@depends on context && other@
position site.p;
identifier map;
@@
* map@p(...)

@maps depends on patch exists@
identifier f;
position p;
@@
f@p(...)
{
... when any
kmap(...)
... when any
}

@script:python proven depends on patch@
p << maps.p;
@@
if not kmap_flow.convertible(p[0]):
    cocci.include_match(False)

@depends on patch && proven@
identifier maps.f;
position maps.p;
@@
f@p(...)
{
<...
(
- kmap
+ kmap_thread
  (...)
|
- kunmap
+ kunmap_thread
  (...)
)
...>
}
