// Readiness of descriptors: epoll on Linux, kqueue elsewhere, behind the same few calls. Each returns -1 with errno when it fails.
#ifndef PGWAL_READINESS_H
#define PGWAL_READINESS_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#else
#include <sys/event.h>
#include <sys/time.h>
#endif

/// The token of the wake-up that other threads send. No wait has it.
#define PGWAL_WAKE_TOKEN 0

/// A queue, and in `waker` what wakes it; both are to be closed, when they differ.
static inline int pgwal_readiness_open(int *waker) {
#ifdef __linux__
    int queue = epoll_create1(EPOLL_CLOEXEC);
    if (queue < 0) return -1;
    *waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = PGWAL_WAKE_TOKEN}};
    if (*waker >= 0 && epoll_ctl(queue, EPOLL_CTL_ADD, *waker, &event) == 0) return queue;
    int code = errno;
    if (*waker >= 0) close(*waker);
#else
    int queue = kqueue();
    if (queue < 0) return -1;
    fcntl(queue, F_SETFD, FD_CLOEXEC);
    *waker = queue;
    struct kevent change;
    EV_SET(&change, PGWAL_WAKE_TOKEN, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, (void *)(uintptr_t)PGWAL_WAKE_TOKEN);
    if (kevent(queue, &change, 1, NULL, 0, NULL) == 0) return queue;
    int code = errno;
#endif
    close(queue);
    errno = code;
    return -1;
}

/// Makes a wait under way, or the next one, return at once with the wake token. From any thread.
static inline void pgwal_readiness_wake(int waker) {
#ifdef __linux__
    uint64_t one = 1;
    // It fails only when the counter is full: then a wake-up is pending anyway.
    if (write(waker, &one, sizeof one) < 0) return;
#else
    struct kevent change;
    EV_SET(&change, PGWAL_WAKE_TOKEN, EVFILT_USER, 0, NOTE_TRIGGER, 0, (void *)(uintptr_t)PGWAL_WAKE_TOKEN);
    kevent(waker, &change, 1, NULL, 0, NULL);
#endif
}

/// Takes a wake-up that has been told.
static inline void pgwal_readiness_awake(int waker) {
#ifdef __linux__
    uint64_t count;
    if (read(waker, &count, sizeof count) < 0) return;
#else
    (void)waker;
#endif
}

/// Asks for one event: the descriptor's token is told once, when it can be read or written as asked or is broken. A descriptor that is watched
/// already is watched anew; one that has been closed since is no longer watched, also when its number belongs to another by now.
static inline int pgwal_readiness_watch(int queue, int descriptor, int readable, int writable, uint64_t token) {
#ifdef __linux__
    struct epoll_event event = {
        .events = EPOLLONESHOT | (readable ? EPOLLIN | EPOLLPRI | EPOLLRDHUP : 0) | (writable ? EPOLLOUT : 0),
        .data = {.u64 = token},
    };
    // A session waits for its socket again and again: mostly the kernel knows it.
    if (epoll_ctl(queue, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    return errno == ENOENT ? epoll_ctl(queue, EPOLL_CTL_ADD, descriptor, &event) : -1;
#else
    struct kevent changes[2];
    int count = 0;
    if (readable) {
        EV_SET(&changes[count], descriptor, EVFILT_READ, EV_ADD | EV_ONESHOT, 0, 0, (void *)(uintptr_t)token);
        count++;
    }
    if (writable) {
        EV_SET(&changes[count], descriptor, EVFILT_WRITE, EV_ADD | EV_ONESHOT, 0, 0, (void *)(uintptr_t)token);
        count++;
    }
    return kevent(queue, changes, count, NULL, 0, NULL);
#endif
}

/// Takes a watch back. No error when there is none.
static inline void pgwal_readiness_forget(int queue, int descriptor) {
#ifdef __linux__
    struct epoll_event event = {0};
    epoll_ctl(queue, EPOLL_CTL_DEL, descriptor, &event);
#else
    struct kevent change;
    EV_SET(&change, descriptor, EVFILT_READ, EV_DELETE, 0, 0, NULL);
    kevent(queue, &change, 1, NULL, 0, NULL);
    EV_SET(&change, descriptor, EVFILT_WRITE, EV_DELETE, 0, 0, NULL);
    kevent(queue, &change, 1, NULL, 0, NULL);
#endif
}

#define PGWAL_READINESS_BATCH 128

/// Waits for events, at most the given milliseconds (-1: without end), and writes their tokens: at most PGWAL_READINESS_BATCH, how many is returned.
static inline int pgwal_readiness_wait(int queue, uint64_t *tokens, int milliseconds) {
#ifdef __linux__
    struct epoll_event events[PGWAL_READINESS_BATCH];
    int count = epoll_wait(queue, events, PGWAL_READINESS_BATCH, milliseconds);
    for (int i = 0; i < count; i++) tokens[i] = events[i].data.u64;
#else
    struct kevent events[PGWAL_READINESS_BATCH];
    struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    int count = kevent(queue, NULL, 0, events, PGWAL_READINESS_BATCH, milliseconds < 0 ? NULL : &limit);
    for (int i = 0; i < count; i++) tokens[i] = (uint64_t)(uintptr_t)events[i].udata;
#endif
    return count;
}

#endif
