// SPDX-License-Identifier: GPL-2.0
// A kmap() that is unmapped in the same function becomes kmap_thread().
//
// Access through kmap_thread() is granted to the thread that maps, and to no
// other. So a call is converted only if all of this is proven for it:
//
//   - every path from it reaches kunmap() of the same page, error paths too, and
//     the page is not mapped or unmapped a second time on the way;
//   - what names the page (the variable, the index) is not assigned meanwhile;
//   - the address goes to local pointers and to the functions of patches/cocci/callees only:
//     it is not stored, not returned, not made an integer, and no pointer to it
//     is taken; neither is what was computed from it;
//   - no function that is known to start work in another context is called meanwhile;
//     who is given the page itself, not the address, has to map it;
//   - every other kmap() and kunmap() of that page in the function is proven too:
//     a page is converted in the whole function or not at all.
//
// What a rule cannot see through, it refuses: the call stays kmap(), which is
// granted to everybody and thus always right.

// Every path from the call leads to the kunmap().
@paths forall@
expression P;
position q;
@@
kmap@q(P)
... when strict
    when != kmap(P)
kunmap(P)

// kmap() never fails: the branch for a NULL address, directly after, needs no kunmap().
@null_checked forall@
expression P;
position q;
identifier A;
type T;
statement S;
@@
(
A = <+... kmap@q(P) ...+>;
|
T A = <+... kmap@q(P) ...+>;
)
if (\(!A\|A == NULL\)) S
... when strict
    when != kmap(P)
kunmap(P)

@unproven@
expression P;
position q != { paths.q, null_checked.q };
@@
kmap@q(P)

// The same question put the other way round: is there a path to the end without one?
@leak exists@
identifier f;
expression P;
position q != null_checked.q;
@@
f(...)
{
... when any
kmap@q(P)
... when != kunmap(P)
}

@twice exists@
expression P;
position q;
@@
kmap@q(P)
...
kunmap(P)
... when != kmap(P)
kunmap(P)

// What names the page is the same at the kunmap().
@names@
identifier x;
position q;
@@
kmap@q(<+... x ...+>)

@renamed exists@
identifier names.x;
expression P, E;
position names.q, m;
assignment operator op;
@@
kmap@q@m(P)
... when != kunmap(P)
\(x op E\|x++\|x--\|++x\|--x\|&x\)

// Nothing that runs elsewhere is started meanwhile, and the page is not left anywhere.
@elsewhere exists@
expression P;
position q;
identifier started =~ "^(queue_(delayed_)?work(_on)?|mod_delayed_work(_on)?|schedule_(delayed_)?work(_on)?|(flush|cancel)_(delayed_)?work(_sync)?|kthread_(run|create|create_worker|queue_work|queue_delayed_work)|wake_up_process|call_rcu|add_timer|mod_timer|hrtimer_start|tasklet_(hi_)?schedule|raise_softirq|smp_call_function(_single|_many)?|on_each_cpu|async_schedule|submit_bio(_wait|_noacct)?|submit_bh|generic_make_request|blk_execute_rq|dma_map_(page|single|sg|sgtable)|sg_(set_page|set_buf|init_one)|bio_add_page|virt_to_page|virt_to_phys|wait_for_completion(_.*)?)$";
@@
kmap@q(P)
... when != kunmap(P)
started(...)

@page_left exists@
expression P, X, Y;
identifier fld;
position q;
@@
kmap@q(P)
... when != kunmap(P)
\(X->fld = P\|X.fld = P\|*X = P\|X[Y] = P\)

// Where the address is: in A, a local variable ...
@addr exists@
identifier A, B;
expression P, E, E1;
type T, T1;
position q;
@@
(
A = kmap@q(P);
|
A = (T)kmap@q(P);
|
A = kmap@q(P) + E;
|
A = (T)kmap@q(P) + E;
|
A = kmap@q(P) + E + E1;
|
A = B = kmap@q(P);
|
B = A = kmap@q(P);
|
T1 A = kmap@q(P);
|
T1 A = (T)kmap@q(P);
|
T1 A = kmap@q(P) + E;
|
T1 A = (T)kmap@q(P) + E;
|
kmap@q(P);
... when any
A = <+... page_address(P) ...+>;
)

@addr_global@
global idexpression G;
expression P;
position q;
@@
G = <+... kmap@q(P) ...+>

@addr_static@
identifier f, A;
expression P;
position q;
type T;
@@
f(...)
{
... when any
static T A;
... when any
A = <+... kmap@q(P) ...+>;
... when any
}

// ... or in no variable: used on the spot, or by way of page_address().
@on_the_spot@
identifier fn =~ "^(memcpy|clear_page)$";
expression P;
position q;
@@
fn(..., kmap@q(P), ...)

@by_page@
expression P;
position q;
@@
kmap@q(P);

@addr_unknown@
expression P;
position q != { addr.q, on_the_spot.q, by_page.q };
@@
kmap@q(P)

@page_address_left exists@
identifier fn !~ "^(@CALLEES@)$";
identifier fld;
global idexpression G;
expression P, X, Y, F;
position by_page.q, m;
@@
kmap@q@m(P)
... when any
(
 \(X->fld\|X.fld\|*X\|X[Y]\|G\) = <+... page_address(P) ...+>
|
 fn(..., <+... page_address(P) ...+>, ...)
|
 F->fld(..., <+... page_address(P) ...+>, ...)
)

// Where the address (A) goes: further local variables, ...
@alias exists@
identifier addr.A;
position addr.q, m;
identifier B;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T1, T2;
statement S;
@@
kmap@q@m(P)
... when any
(
A = <+... A ...+>;
|
B = \(A\|(T)A\|A + E\|(T)A + E\|A + E + E1\|A - E\|(T)(A + E)\|(T)(A + E + E1)\|(T)(A - E)\|(T)((T2)A + E)\|&A[E]\|&A->fld\|&A->fld[E]\|(T)&A[E]\|(T)&A->fld\|A->fld\|(T)A->fld\|&((T)A)->fld\|((T)A)->fld\|&((T)A)[E]\|at(..., <+... A ...+>, ...)\|(T)at(..., <+... A ...+>, ...)\);
|
T1 B = \(A\|(T)A\|A + E\|(T)A + E\|A + E + E1\|A - E\|(T)(A + E)\|(T)(A + E + E1)\|(T)(A - E)\|(T)((T2)A + E)\|&A[E]\|&A->fld\|&A->fld[E]\|(T)&A[E]\|(T)&A->fld\|A->fld\|(T)A->fld\|&((T)A)->fld\|((T)A)->fld\|&((T)A)[E]\|at(..., <+... A ...+>, ...)\|(T)at(..., <+... A ...+>, ...)\);
|
for (B = \(A\|(T)A\|A + E\|(T)A + E\|A + E + E1\|A - E\|(T)(A + E)\|(T)(A + E + E1)\|(T)(A - E)\|(T)((T2)A + E)\|&A[E]\|&A->fld\|&A->fld[E]\|(T)&A[E]\|(T)&A->fld\|A->fld\|(T)A->fld\|&((T)A)->fld\|((T)A)->fld\|&((T)A)[E]\|at(..., <+... A ...+>, ...)\|(T)at(..., <+... A ...+>, ...)\); ...; ...) S
)

// ... memory, ...
@stored_A exists@
identifier addr.A;
position addr.q, m;
global idexpression G;
identifier fld, g, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1, X, Y;
type T, T2;
@@
kmap@q@m(P)
... when any
\(X->g\|X.g\|*X\|X[Y]\|G\) = \(A\|(T)A\|A + E\|(T)A + E\|A + E + E1\|A - E\|(T)(A + E)\|(T)(A + E + E1)\|(T)(A - E)\|(T)((T2)A + E)\|&A[E]\|&A->fld\|&A->fld[E]\|(T)&A[E]\|(T)&A->fld\|A->fld\|(T)A->fld\|&((T)A)->fld\|((T)A)->fld\|&((T)A)[E]\|at(..., <+... A ...+>, ...)\|(T)at(..., <+... A ...+>, ...)\)

@initializer_A exists@
identifier addr.A;
position addr.q, m;
identifier var, fld;
expression P;
type T;
@@
kmap@q@m(P)
... when any
(
T var = { ..., .fld = <+... A ...+>, ... };
|
T var = { ..., <+... A ...+>, ... };
|
T var = { ..., { ..., .fld = <+... A ...+>, ... }, ... };
|
T var = { ..., { ..., <+... A ...+>, ... }, ... };
)

// ... an integer, a pointer to it, or a choice, ...
@changed_A exists@
identifier addr.A;
position addr.q, m;
typedef u64, uintptr_t, dma_addr_t, phys_addr_t;
expression P, E, E1, E2, E3;
@@
kmap@q@m(P)
... when any
\(&A\|(unsigned long)A\|(long)A\|(u64)A\|(uintptr_t)A\|(size_t)A\|(dma_addr_t)A\|(phys_addr_t)A\|E2 = E ? A : E1\|E2 = E ? E1 : A\|E2 = E ? A + E3 : E1\|E2 = E ? E1 : A + E3\)

// ... the caller, ...
@returned_A exists@
identifier addr.A;
position addr.q, m;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T2;
@@
kmap@q@m(P)
... when any
return \(A\|(T)A\|A + E\|(T)A + E\|A + E + E1\|A - E\|(T)(A + E)\|(T)(A + E + E1)\|(T)(A - E)\|(T)((T2)A + E)\|&A[E]\|&A->fld\|&A->fld[E]\|(T)&A[E]\|(T)&A->fld\|A->fld\|(T)A->fld\|&((T)A)->fld\|((T)A)->fld\|&((T)A)[E]\|at(..., <+... A ...+>, ...)\|(T)at(..., <+... A ...+>, ...)\);

// ... and functions.
@passed_A exists@
identifier addr.A;
position addr.q, m;
identifier fn !~ "^(@CALLEES@)$";
expression P;
@@
kmap@q@m(P)
... when any
fn(..., <+... A ...+>, ...)

@called_A exists@
identifier addr.A;
position addr.q, m;
identifier fld;
expression P, F;
@@
kmap@q@m(P)
... when any
\(F->fld(..., <+... A ...+>, ...)\|F.fld(..., <+... A ...+>, ...)\|(*F)(..., <+... A ...+>, ...)\)

// Where what was computed from it (B) goes: further local variables, ...
@alias2 exists@
identifier alias.B;
position alias.m, n;
identifier C;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T1, T2;
statement S;
@@
kmap@m@n(P)
... when any
(
B = <+... B ...+>;
|
C = \(B\|(T)B\|B + E\|(T)B + E\|B + E + E1\|B - E\|(T)(B + E)\|(T)(B + E + E1)\|(T)(B - E)\|(T)((T2)B + E)\|&B[E]\|&B->fld\|&B->fld[E]\|(T)&B[E]\|(T)&B->fld\|B->fld\|(T)B->fld\|&((T)B)->fld\|((T)B)->fld\|&((T)B)[E]\|at(..., <+... B ...+>, ...)\|(T)at(..., <+... B ...+>, ...)\);
|
T1 C = \(B\|(T)B\|B + E\|(T)B + E\|B + E + E1\|B - E\|(T)(B + E)\|(T)(B + E + E1)\|(T)(B - E)\|(T)((T2)B + E)\|&B[E]\|&B->fld\|&B->fld[E]\|(T)&B[E]\|(T)&B->fld\|B->fld\|(T)B->fld\|&((T)B)->fld\|((T)B)->fld\|&((T)B)[E]\|at(..., <+... B ...+>, ...)\|(T)at(..., <+... B ...+>, ...)\);
|
for (C = \(B\|(T)B\|B + E\|(T)B + E\|B + E + E1\|B - E\|(T)(B + E)\|(T)(B + E + E1)\|(T)(B - E)\|(T)((T2)B + E)\|&B[E]\|&B->fld\|&B->fld[E]\|(T)&B[E]\|(T)&B->fld\|B->fld\|(T)B->fld\|&((T)B)->fld\|((T)B)->fld\|&((T)B)[E]\|at(..., <+... B ...+>, ...)\|(T)at(..., <+... B ...+>, ...)\); ...; ...) S
)

// ... memory, ...
@stored_B exists@
identifier alias.B;
position alias.m, n;
global idexpression G;
identifier fld, g, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1, X, Y;
type T, T2;
@@
kmap@m@n(P)
... when any
\(X->g\|X.g\|*X\|X[Y]\|G\) = \(B\|(T)B\|B + E\|(T)B + E\|B + E + E1\|B - E\|(T)(B + E)\|(T)(B + E + E1)\|(T)(B - E)\|(T)((T2)B + E)\|&B[E]\|&B->fld\|&B->fld[E]\|(T)&B[E]\|(T)&B->fld\|B->fld\|(T)B->fld\|&((T)B)->fld\|((T)B)->fld\|&((T)B)[E]\|at(..., <+... B ...+>, ...)\|(T)at(..., <+... B ...+>, ...)\)

@initializer_B exists@
identifier alias.B;
position alias.m, n;
identifier var, fld;
expression P;
type T;
@@
kmap@m@n(P)
... when any
(
T var = { ..., .fld = <+... B ...+>, ... };
|
T var = { ..., <+... B ...+>, ... };
|
T var = { ..., { ..., .fld = <+... B ...+>, ... }, ... };
|
T var = { ..., { ..., <+... B ...+>, ... }, ... };
)

// ... an integer, a pointer to it, or a choice, ...
@changed_B exists@
identifier alias.B;
position alias.m, n;
expression P, E, E1, E2, E3;
@@
kmap@m@n(P)
... when any
\(&B\|(unsigned long)B\|(long)B\|(u64)B\|(uintptr_t)B\|(size_t)B\|(dma_addr_t)B\|(phys_addr_t)B\|E2 = E ? B : E1\|E2 = E ? E1 : B\|E2 = E ? B + E3 : E1\|E2 = E ? E1 : B + E3\)

// ... the caller, ...
@returned_B exists@
identifier alias.B;
position alias.m, n;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T2;
@@
kmap@m@n(P)
... when any
return \(B\|(T)B\|B + E\|(T)B + E\|B + E + E1\|B - E\|(T)(B + E)\|(T)(B + E + E1)\|(T)(B - E)\|(T)((T2)B + E)\|&B[E]\|&B->fld\|&B->fld[E]\|(T)&B[E]\|(T)&B->fld\|B->fld\|(T)B->fld\|&((T)B)->fld\|((T)B)->fld\|&((T)B)[E]\|at(..., <+... B ...+>, ...)\|(T)at(..., <+... B ...+>, ...)\);

// ... and functions.
@passed_B exists@
identifier alias.B;
position alias.m, n;
identifier fn !~ "^(@CALLEES@)$";
expression P;
@@
kmap@m@n(P)
... when any
fn(..., <+... B ...+>, ...)

@called_B exists@
identifier alias.B;
position alias.m, n;
identifier fld;
expression P, F;
@@
kmap@m@n(P)
... when any
\(F->fld(..., <+... B ...+>, ...)\|F.fld(..., <+... B ...+>, ...)\|(*F)(..., <+... B ...+>, ...)\)

// Where and from that (C) goes: further local variables, ...
@alias3 exists@
identifier alias2.C;
position alias2.n, o;
identifier D;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T1, T2;
statement S;
@@
kmap@n@o(P)
... when any
(
C = <+... C ...+>;
|
D = \(C\|(T)C\|C + E\|(T)C + E\|C + E + E1\|C - E\|(T)(C + E)\|(T)(C + E + E1)\|(T)(C - E)\|(T)((T2)C + E)\|&C[E]\|&C->fld\|&C->fld[E]\|(T)&C[E]\|(T)&C->fld\|C->fld\|(T)C->fld\|&((T)C)->fld\|((T)C)->fld\|&((T)C)[E]\|at(..., <+... C ...+>, ...)\|(T)at(..., <+... C ...+>, ...)\);
|
T1 D = \(C\|(T)C\|C + E\|(T)C + E\|C + E + E1\|C - E\|(T)(C + E)\|(T)(C + E + E1)\|(T)(C - E)\|(T)((T2)C + E)\|&C[E]\|&C->fld\|&C->fld[E]\|(T)&C[E]\|(T)&C->fld\|C->fld\|(T)C->fld\|&((T)C)->fld\|((T)C)->fld\|&((T)C)[E]\|at(..., <+... C ...+>, ...)\|(T)at(..., <+... C ...+>, ...)\);
|
for (D = \(C\|(T)C\|C + E\|(T)C + E\|C + E + E1\|C - E\|(T)(C + E)\|(T)(C + E + E1)\|(T)(C - E)\|(T)((T2)C + E)\|&C[E]\|&C->fld\|&C->fld[E]\|(T)&C[E]\|(T)&C->fld\|C->fld\|(T)C->fld\|&((T)C)->fld\|((T)C)->fld\|&((T)C)[E]\|at(..., <+... C ...+>, ...)\|(T)at(..., <+... C ...+>, ...)\); ...; ...) S
)

// ... memory, ...
@stored_C exists@
identifier alias2.C;
position alias2.n, o;
global idexpression G;
identifier fld, g, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1, X, Y;
type T, T2;
@@
kmap@n@o(P)
... when any
\(X->g\|X.g\|*X\|X[Y]\|G\) = \(C\|(T)C\|C + E\|(T)C + E\|C + E + E1\|C - E\|(T)(C + E)\|(T)(C + E + E1)\|(T)(C - E)\|(T)((T2)C + E)\|&C[E]\|&C->fld\|&C->fld[E]\|(T)&C[E]\|(T)&C->fld\|C->fld\|(T)C->fld\|&((T)C)->fld\|((T)C)->fld\|&((T)C)[E]\|at(..., <+... C ...+>, ...)\|(T)at(..., <+... C ...+>, ...)\)

@initializer_C exists@
identifier alias2.C;
position alias2.n, o;
identifier var, fld;
expression P;
type T;
@@
kmap@n@o(P)
... when any
(
T var = { ..., .fld = <+... C ...+>, ... };
|
T var = { ..., <+... C ...+>, ... };
|
T var = { ..., { ..., .fld = <+... C ...+>, ... }, ... };
|
T var = { ..., { ..., <+... C ...+>, ... }, ... };
)

// ... an integer, a pointer to it, or a choice, ...
@changed_C exists@
identifier alias2.C;
position alias2.n, o;
expression P, E, E1, E2, E3;
@@
kmap@n@o(P)
... when any
\(&C\|(unsigned long)C\|(long)C\|(u64)C\|(uintptr_t)C\|(size_t)C\|(dma_addr_t)C\|(phys_addr_t)C\|E2 = E ? C : E1\|E2 = E ? E1 : C\|E2 = E ? C + E3 : E1\|E2 = E ? E1 : C + E3\)

// ... the caller, ...
@returned_C exists@
identifier alias2.C;
position alias2.n, o;
identifier fld, at =~ "^(memchr(_inv)?|str(n|r)?chr|nilfs_palloc_block_get_group_desc)$";
expression P, E, E1;
type T, T2;
@@
kmap@n@o(P)
... when any
return \(C\|(T)C\|C + E\|(T)C + E\|C + E + E1\|C - E\|(T)(C + E)\|(T)(C + E + E1)\|(T)(C - E)\|(T)((T2)C + E)\|&C[E]\|&C->fld\|&C->fld[E]\|(T)&C[E]\|(T)&C->fld\|C->fld\|(T)C->fld\|&((T)C)->fld\|((T)C)->fld\|&((T)C)[E]\|at(..., <+... C ...+>, ...)\|(T)at(..., <+... C ...+>, ...)\);

// ... and functions.
@passed_C exists@
identifier alias2.C;
position alias2.n, o;
identifier fn !~ "^(@CALLEES@)$";
expression P;
@@
kmap@n@o(P)
... when any
fn(..., <+... C ...+>, ...)

@called_C exists@
identifier alias2.C;
position alias2.n, o;
identifier fld;
expression P, F;
@@
kmap@n@o(P)
... when any
\(F->fld(..., <+... C ...+>, ...)\|F.fld(..., <+... C ...+>, ...)\|(*F)(..., <+... C ...+>, ...)\)

// Three steps from the kmap() is where we stop following.
@too_far exists@
identifier alias3.D;
position alias3.o, r;
expression P;
@@
kmap@o@r(P)
... when any
D

// Those that nothing speaks against ...
@good@
expression P;
position q != {
	unproven.q, leak.q, twice.q, renamed.m, elsewhere.q,
	page_left.q, addr_global.q, addr_static.q, addr_unknown.q, page_address_left.m,
	stored_A.m, initializer_A.m, changed_A.m, returned_A.m, passed_A.m,
	called_A.m, stored_B.n, initializer_B.n, changed_B.n, returned_B.n,
	passed_B.n, called_B.n, stored_C.o, initializer_C.o, changed_C.o,
	returned_C.o, passed_C.o, called_C.o, too_far.r };
@@
kmap@q(P)

// ... unless the same page has another kmap() or kunmap() in the function that is not.
@other_map exists@
identifier f;
expression P;
position q != good.q;
@@
f(...)
{
... when any
kmap@q(P)
... when any
}

@other_unmap exists@
identifier f;
expression P;
@@
f(...)
{
... when != kmap(P)
kunmap(P)
... when any
}

@beside_map exists@
identifier other_map.f;
expression other_map.P;
position good.q, r;
@@
f(...)
{
... when any
kmap@q@r(P)
... when any
}

@beside_unmap exists@
identifier other_unmap.f;
expression other_unmap.P;
position good.q, r;
@@
f(...)
{
... when any
kmap@q@r(P)
... when any
}

@both exists@
identifier f;
expression P;
position good.q, r != { beside_map.r, beside_unmap.r };
@@
f(...)
{
... when any
kmap@q@r(P)
... when any
}

@convert depends on both@
identifier both.f;
expression both.P;
@@
f(...)
{
<...
(
- kmap
+ kmap_thread
  (P)
|
- kunmap
+ kunmap_thread
  (P)
)
...>
}
