// libpq, and the few C facilities that Swift cannot import portably.
#ifndef PGWAL_CLIBPQ_SHIM_H
#define PGWAL_CLIBPQ_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readiness.h"

#ifdef __linux__
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
// A GNU extension: declared here because the importer need not define _GNU_SOURCE.
extern int pthread_setname_np(pthread_t, const char *);
#endif

/// Names the calling thread, for `top -H` and debuggers. At most 15 bytes on Linux.
static inline void pgwal_name_this_thread(const char *name) {
#ifdef __APPLE__
    pthread_setname_np(name);
#else
    pthread_setname_np(pthread_self(), name);
#endif
}

/// Starts a detached thread that receives no signals: those belong to the threads that handle them. 0, or an errno value.
static inline int pgwal_start_thread(void *(*body)(void *), void *context, size_t stack_size) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, previous;
    int code = pthread_attr_init(&attributes);
    if (code != 0) return code;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    code = pthread_create(&thread, &attributes, body, context);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    pthread_attr_destroy(&attributes);
    return code;
}

/// A thread as the kernel's scheduler knows it.
typedef pid_t pgwal_thread;

static inline pgwal_thread pgwal_this_thread(void) {
#ifdef __linux__
    return (pid_t)syscall(SYS_gettid);
#else
    return 0;
#endif
}

/// Lets a thread of this process run only when nothing else wants to. Nothing where there is no such class.
static inline void pgwal_make_idle(pgwal_thread thread) {
#ifdef __linux__
    struct sched_param none = {0};
    sched_setscheduler(thread, 5 /* SCHED_IDLE, which the C library declares for _GNU_SOURCE only */, &none);
#else
    (void)thread;
#endif
}

/// No core dump, not even one that a pipe takes without asking for the limit, and no debugger but root's.
static inline void pgwal_forbid_dumps(void) {
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/// Ends a part of a pipeline. libpq before 17 sends at every synchronisation point; from 17 on the points of a batch leave together.
static inline int pgwal_queue_sync(PGconn *connection) {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
    return PQsendPipelineSync(connection);
#else
    return PQpipelineSync(connection);
#endif
}

/// How many bytes have arrived at a TCP socket since it was connected, read or not; -1 where the kernel does not say, or no longer.
static inline int64_t pgwal_bytes_arrived(int descriptor) {
#ifdef __linux__
    // The head of the kernel's `struct tcp_info`, which the C library declares without its later members.
    struct { uint8_t state; char others[127]; uint64_t bytes_received; } information;
    socklen_t length = sizeof information;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &information, &length) != 0 || length < sizeof information) return -1;
    // States of RFC 793 as the kernel numbers them. After a reset nobody knows whether an end had come before.
    enum { time_wait = 6, closed = 7, close_wait = 8, last_ack = 9, closing = 11 };
    if (information.state == closed) return -1;
    // The kernel counts the sign of the stream's end as a byte.
    int ended = information.state == close_wait || information.state == last_ack || information.state == closing || information.state == time_wait;
    return (int64_t)information.bytes_received - ended;
#else
    struct tcp_connection_info information;
    socklen_t length = sizeof information;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_CONNECTION_INFO, &information, &length) != 0) return -1;
    return (int64_t)information.tcpi_rxbytes;
#endif
}

/// Lets the peer send so many bytes ahead of what has been read.
static inline void pgwal_limit_receive_buffer(int descriptor, int bytes) {
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

/// How many bytes wait at a socket to be read.
static inline int pgwal_bytes_waiting(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 && count > 0 ? count : 0;
}

// The PG_DIAG_ field codes are character literals, which Swift does not import.

/// The SQLSTATE of a failed result, or NULL.
static inline const char *pgwal_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

/// The server's message without severity, detail and hint, or NULL.
static inline const char *pgwal_primary_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

#endif

#ifdef __GLIBC__
#include <malloc.h>
/* malloc.h is no part of Swift's Glibc module. */
static inline void pgwal_limit_malloc_arenas(void) { mallopt(M_ARENA_MAX, 1); }
static inline void pgwal_trim_malloc(void) { malloc_trim(0); }
#else
static inline void pgwal_limit_malloc_arenas(void) {}
static inline void pgwal_trim_malloc(void) {}
#endif
