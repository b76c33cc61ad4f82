// Shows the thread sanitizer what Swift's Mutex does where threads contend for it, by standing before the run-time library:
// that part is within the library, which is not instrumented, so that without this all that a Mutex protects looks like a race.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock(SELF) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF) {
    static SWIFT void (*actual)(uint32_t, SELF);
    if (!actual) *(void **)&actual = dlsym(RTLD_NEXT, LOCK);
    actual(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock(SELF) {
    static SWIFT void (*actual)(SELF);
    if (!actual) *(void **)&actual = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    actual(self);
}
