/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pks

#if !defined(_TRACE_PKS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_PKS_H

#include <linux/tracepoint.h>
#include <uapi/linux/pksdiag.h>

/* One PKS fault, after its record was committed. */
TRACE_EVENT(pks_fault,
	    TP_PROTO(const struct pksdiag_record *r),
	    TP_ARGS(r),
	    TP_STRUCT__entry(__field(u64, seq)
			     __field(u64, address)
			     __field(u64, ip)
			     __field(u64, offset)
			     __field(u32, pkrs)
			     __field(u8, pkey)
			     __field(u8, access)
			     __field(u8, verdict)
			     __field(u8, resolution)
			     __array(char, device, PKSDIAG_DEVICE_LEN)
	    ),
	    TP_fast_assign(__entry->seq = r->seq;
			   __entry->address = r->address;
			   __entry->ip = r->ip;
			   __entry->offset = r->offset;
			   __entry->pkrs = r->pkrs;
			   __entry->pkey = r->pkey;
			   __entry->access = r->access;
			   __entry->verdict = r->verdict;
			   __entry->resolution = r->resolution;
			   memcpy(__entry->device, r->device, PKSDIAG_DEVICE_LEN);
	    ),
	    TP_printk("seq=%llu access=%u address=0x%llx ip=%pS device=%s offset=0x%llx pkey=%u pkrs=0x%08x verdict=%u resolution=%u",
		      __entry->seq, __entry->access, __entry->address,
		      (void *)(unsigned long)__entry->ip, __entry->device,
		      __entry->offset, __entry->pkey, __entry->pkrs,
		      __entry->verdict, __entry->resolution)
);

#endif /* _TRACE_PKS_H */

#include <trace/define_trace.h>
