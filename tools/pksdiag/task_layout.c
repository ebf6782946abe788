// SPDX-License-Identifier: GPL-2.0
/* Where in a kernel's structures a task is described, by DWARF. */
#include <dwarf.h>
#include <stddef.h>
#include <string.h>

#include "task_layout.h"
#include "util.h"

/* A struct task_struct of more bytes is a damaged file. */
#define TASK_SIZE_MAX	0x10000u
/* Structures without a name within each other. */
#define DEPTH_MAX	8

static bool is_struct(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/* The definition of a structure among the types of a unit. */
static bool find_struct(Dwarf_Die *cu, const char *name, Dwarf_Die *type)
{
	const char *its;
	int more;

	for (more = dwarf_child(cu, type); !more; more = dwarf_siblingof(type, type)) {
		if (!is_struct(type) || dwarf_bytesize(type) < 0)
			continue;
		its = dwarf_diename(type);
		if (its && !strcmp(its, name))
			return true;
	}
	return false;
}

/* What a member is, without const, typedef and the like. */
static bool type_of(Dwarf_Die *member, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_formref_die(dwarf_attr(member, DW_AT_type, &attr), type) &&
	       !dwarf_peel_type(type, type);
}

/* A union's members have no place of their own. */
static Dwarf_Word place_of(Dwarf_Die *member)
{
	Dwarf_Attribute attr;
	Dwarf_Word place;

	if (dwarf_formudata(dwarf_attr(member, DW_AT_data_member_location, &attr),
			    &place))
		return 0;
	return place;
}

/* @len: of @name; adds its place to @at, and sets @found. */
static bool find_member(Dwarf_Die *type, const char *name, size_t len,
			Dwarf_Die *found, long *at, int depth)
{
	Dwarf_Die member, inner;
	const char *its;
	int more;

	for (more = dwarf_child(type, &member); !more;
	     more = dwarf_siblingof(&member, &member)) {
		long place = *at + place_of(&member);

		if (dwarf_tag(&member) != DW_TAG_member)
			continue;
		its = dwarf_diename(&member);
		if (its && !strncmp(its, name, len) && !its[len]) {
			*found = member;
			*at = place;
			return true;
		}
		if (its || depth == DEPTH_MAX || !type_of(&member, &inner) ||
		    !is_struct(&inner) ||
		    !find_member(&inner, name, len, found, &place, depth + 1))
			continue;
		*at = place;
		return true;
	}
	return false;
}

/* @path: names with dots between them. Return: bytes, or NO_MEMBER. */
static long offset_of(Dwarf_Die *of, const char *path)
{
	Dwarf_Die type = *of, member;
	long at = 0;

	for (;;) {
		size_t len = strcspn(path, ".");

		if (!find_member(&type, path, len, &member, &at, 0))
			return NO_MEMBER;
		if (!path[len])
			return at;
		path += len + 1;
		if (!type_of(&member, &type))
			return NO_MEMBER;
	}
}

/**
 * struct member - a member, and where its place is noted
 * @path: its name
 * @at: which of struct task_layout
 * @needed: a kernel without it is none that is known here
 */
struct member {
	const char *path;
	size_t at;
	bool needed;
};

#define AT(field)	offsetof(struct task_layout, field)

static const struct member members[] = {
	{ "tasks", AT(tasks), true },
	{ "thread_node", AT(thread_node), true },
	{ "signal", AT(signal), true },
	{ "pid", AT(pid), true },
	{ "tgid", AT(tgid), true },
	{ "comm", AT(comm), true },
	{ "__state", AT(state), true },
	{ "exit_state", AT(exit_state), true },
	{ "flags", AT(flags), true },
	{ "stack", AT(stack), true },
	{ "thread.sp", AT(sp), true },
	{ "thread.pks.pkrs", AT(pkrs), false },
	{ "on_cpu", AT(on_cpu), false },
	{ "thread_info.cpu", AT(cpu), false },
};

static bool read_members(struct task_layout *layout, Dwarf_Die *task)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(members); i++) {
		const struct member *m = &members[i];
		long at = offset_of(task, m->path);

		if (at == NO_MEMBER ? m->needed : at + sizeof(__u64) > layout->size)
			return false;
		*(long *)((char *)layout + m->at) = at;
	}
	return true;
}

/*
 * Up to the FPU's registers, which are last. They take what this processor needs
 * (arch_task_struct_size, fpu__init_task_struct_size()), often less than the type
 * says: what follows then is of somebody else, and may not be in the dump.
 */
static __u64 size_of(Dwarf_Die *task)
{
	long fpu = offset_of(task, "thread.fpu");

	return fpu == NO_MEMBER ? (__u64)dwarf_bytesize(task) : (__u64)fpu;
}

/**
 * task_layout_read - find all members
 * @layout: out, except for what is no member
 * @cu: a unit with the definitions, such as that of kernel/fork.c
 *
 * Return: false if something that is needed is not there.
 */
bool task_layout_read(struct task_layout *layout, Dwarf_Die *cu)
{
	Dwarf_Die task, signal;

	if (!find_struct(cu, "task_struct", &task) ||
	    !find_struct(cu, "signal_struct", &signal))
		return false;
	layout->size = size_of(&task);
	layout->thread_head = offset_of(&signal, "thread_head");
	return layout->size <= TASK_SIZE_MAX && layout->thread_head != NO_MEMBER &&
	       read_members(layout, &task);
}
