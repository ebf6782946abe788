// SPDX-License-Identifier: GPL-2.0
/* What becomes of a denied access to protected device memory. */
#include <linux/devmap_fault_mode.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* As the series that this grew from called it. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "memremap."

static const char * const modes[] = { "strict", "relaxed" };
static int fault_mode;	/* index in modes */

static int set_mode(const char *val, const struct kernel_param *kp)
{
	int mode = sysfs_match_string(modes, val);

	if (mode >= 0)
		WRITE_ONCE(fault_mode, mode);
	return min(mode, 0);
}

static int get_mode(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", modes[READ_ONCE(fault_mode)]);
}

static const struct kernel_param_ops mode_ops = {
	.set	= set_mode,
	.get	= get_mode,
};
module_param_cb(pks_fault_mode, &mode_ops, NULL, 0644);
MODULE_PARM_DESC(pks_fault_mode,
		 "A denied access: strict: oops; relaxed: end the protection of that device, go on");

/**
 * devmap_relaxed - is the first denied access to end a device's protection?
 *
 * Context: Any.
 */
bool devmap_relaxed(void)
{
	return READ_ONCE(fault_mode);
}
