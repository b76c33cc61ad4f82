#ifndef CEPOLL_H
#define CEPOLL_H

#include <stdint.h>

// epoll(7) and accept4(2), which the Swift tool chain's Glibc module leaves out. Every function returns -1 and sets
// errno where it fails.

struct moe_poll_event {
    uint64_t token;
    uint32_t events;
};

enum { MOE_POLL_IN = 1, MOE_POLL_OUT = 4, MOE_POLL_ERROR = 8, MOE_POLL_HANGUP = 16 };

int moe_poll_create(void);
int moe_poll_add(int poll, int descriptor, uint32_t events, uint64_t token);
int moe_poll_change(int poll, int descriptor, uint32_t events, uint64_t token);
int moe_poll_remove(int poll, int descriptor);

/// Does not wait; returns how many of `events` have been filled.
int moe_poll_ready(int poll, struct moe_poll_event *events, int capacity);

/// A waiting connection, non-blocking and closed on exec.
int moe_accept(int listener);

#endif
