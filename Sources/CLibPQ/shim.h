// libpq, and the few C facilities that Swift cannot import portably.
#ifndef PGWAL_CLIBPQ_SHIM_H
#define PGWAL_CLIBPQ_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "readiness.h"

#ifdef __linux__
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

/// Ends one query of a pipeline. libpq before 17 sends at every synchronisation point; from 17 on the points of a batch leave together.
static inline int pgwal_queue_sync(PGconn *connection) {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
    return PQsendPipelineSync(connection);
#else
    return PQpipelineSync(connection);
#endif
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
