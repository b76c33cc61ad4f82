#define _GNU_SOURCE
#include "CEpoll.h"

#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>

_Static_assert(MOE_POLL_IN == EPOLLIN && MOE_POLL_OUT == EPOLLOUT, "the same numbers");
_Static_assert(MOE_POLL_ERROR == EPOLLERR && MOE_POLL_HANGUP == EPOLLHUP, "the same numbers");

enum { CAPACITY = 256 };

static int control(int poll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(poll, operation, descriptor, &event);
}

int moe_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int moe_poll_add(int poll, int descriptor, uint32_t events, uint64_t token) {
    return control(poll, EPOLL_CTL_ADD, descriptor, events, token);
}

int moe_poll_change(int poll, int descriptor, uint32_t events, uint64_t token) {
    return control(poll, EPOLL_CTL_MOD, descriptor, events, token);
}

int moe_poll_remove(int poll, int descriptor) { return control(poll, EPOLL_CTL_DEL, descriptor, 0, 0); }

int moe_poll_ready(int poll, struct moe_poll_event *events, int capacity) {
    struct epoll_event ready[CAPACITY];
    int count = epoll_wait(poll, ready, capacity < CAPACITY ? capacity : CAPACITY, 0);
    for (int index = 0; index < count; index++)
        events[index] = (struct moe_poll_event){.token = ready[index].data.u64, .events = ready[index].events};
    return count;
}

int moe_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
