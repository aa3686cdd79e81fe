// libpq, and the few C facilities that Swift cannot import portably.
#ifndef PGWAL_CLIBPQ_SHIM_H
#define PGWAL_CLIBPQ_SHIM_H

#include <dlfcn.h>
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
extern int dup3(int, int, int);
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

/// Two connected sockets that do not block. 0, or -1 with errno.
static inline int pgwal_make_pair(int pair[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(pair[i], F_SETFD, FD_CLOEXEC);
        fcntl(pair[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
}

/// Another number for what a descriptor leads to. -1 with errno when there is none.
static inline int pgwal_duplicate(int descriptor) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

/// Has a descriptor lead to where another one leads. -1 with errno when it cannot.
static inline int pgwal_redirect(int descriptor, int target) {
#ifdef __linux__
    return dup3(target, descriptor, O_CLOEXEC);
#else
    return dup2(target, descriptor) < 0 ? -1 : fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#endif
}

/// What a server has sent by TLS and libpq will read next, which is no more than one record. Returns how many bytes; 0 when more must arrive first,
/// -1 when nothing can come any more, -2 when this TLS cannot be looked into. OpenSSL is found by name: it is libpq's business which one it uses.
static inline int pgwal_peek_tls(PGconn *connection, void *buffer, int size) {
    enum { want_read = 2, want_write = 3 };
#ifdef RTLD_DEFAULT
    void *everywhere = RTLD_DEFAULT;
#else
    void *everywhere = NULL;
#endif
    void *tls = PQsslStruct(connection, "OpenSSL");
    int (*peek)(void *, void *, int) = (int (*)(void *, void *, int))dlsym(everywhere, "SSL_peek");
    int (*reason)(const void *, int) = (int (*)(const void *, int))dlsym(everywhere, "SSL_get_error");
    void (*forget)(void) = (void (*)(void))dlsym(everywhere, "ERR_clear_error");
    if (tls == NULL || peek == NULL || reason == NULL || forget == NULL) return -2;
    forget();
    errno = 0;
    int count = peek(tls, buffer, size);
    if (count > 0) return count;
    int why = reason(tls, count);
    return why == want_read || why == want_write ? 0 : -1;
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
