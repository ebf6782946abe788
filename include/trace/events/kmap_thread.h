/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kmap_thread

#if !defined(_TRACE_KMAP_THREAD_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KMAP_THREAD_H

#include <linux/sched.h>
#include <linux/tracepoint.h>

/* A task maps or unmaps a page; @count mappings are in force after that. */
DECLARE_EVENT_CLASS(kmap_thread_class,
		    TP_PROTO(struct task_struct *task, unsigned long pfn,
			     unsigned long ip, int count),
		    TP_ARGS(task, pfn, ip, count),
		    TP_STRUCT__entry(__array(char, comm, TASK_COMM_LEN)
				     __field(pid_t, pid)
				     __field(unsigned long, pfn)
				     __field(unsigned long, ip)
				     __field(int, count)
		    ),
		    TP_fast_assign(memcpy(__entry->comm, task->comm, TASK_COMM_LEN);
				   __entry->pid = task->pid;
				   __entry->pfn = pfn;
				   __entry->ip = ip;
				   __entry->count = count;
		    ),
		    TP_printk("comm=%s pid=%d pfn=%#lx caller=%pS count=%d",
			      __entry->comm, __entry->pid, __entry->pfn,
			      (void *)__entry->ip, __entry->count)
);

DEFINE_EVENT(kmap_thread_class, kmap_thread,
	     TP_PROTO(struct task_struct *task, unsigned long pfn,
		      unsigned long ip, int count),
	     TP_ARGS(task, pfn, ip, count)
);

DEFINE_EVENT(kmap_thread_class, kunmap_thread,
	     TP_PROTO(struct task_struct *task, unsigned long pfn,
		      unsigned long ip, int count),
	     TP_ARGS(task, pfn, ip, count)
);

#endif /* _TRACE_KMAP_THREAD_H */

#include <trace/define_trace.h>
