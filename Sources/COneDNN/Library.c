#include "Library.h"

#if ONEDNN_FOUND

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#define ONEDNN_STRING(x) #x
#define ONEDNN_FILE(major) "libdnnl.so." ONEDNN_STRING(major)

OneDNNLibrary onednn;

static void (*setThreadCount)(int);
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

void onednn_use_calling_thread(void) {
    static _Thread_local bool done;
    if (done) return;
    done = true;
    // A library built for another threading runtime has no such function.
    if (setThreadCount) setThreadCount(1);
}

static void load(void) {
    void *library = dlopen(ONEDNN_FILE(DNNL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(failure, sizeof failure, "%s", dlerror());
        return;
    }
#define ONEDNN_RESOLVE(name) \
    onednn.name = (__typeof__(&name))dlsym(library, #name); \
    if (!onednn.name) { \
        snprintf(failure, sizeof failure, ONEDNN_FILE(DNNL_VERSION_MAJOR) " has no " #name); \
        return; \
    }
    ONEDNN_FUNCTIONS(ONEDNN_RESOLVE)
#undef ONEDNN_RESOLVE
    // The library's dependencies are searched too.
    setThreadCount = (void (*)(int))dlsym(library, "omp_set_num_threads");
    onednn_use_calling_thread();
    dnnl_status_t status = onednn.dnnl_engine_create(&onednn.engine, dnnl_cpu, 0);
    if (status != dnnl_success) snprintf(failure, sizeof failure, "oneDNN has no CPU engine: status %d", status);
}

/// The AVX-512 sets have more bits than these, the first that is contained names them well enough.
static const char *nameOfInstructionSet(dnnl_cpu_isa_t set) {
    if ((set & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx) return "AVX-512 with AMX";
    if ((set & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16) return "AVX-512 with bfloat16";
    if ((set & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core) return "AVX-512";
    if ((set & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2) return "AVX2";
    if ((set & dnnl_cpu_isa_avx) == dnnl_cpu_isa_avx) return "AVX";
    if ((set & dnnl_cpu_isa_sse41) == dnnl_cpu_isa_sse41) return "SSE4.1";
    return "baseline instructions";
}

const char *onednn_open(OneDNNVersion *version) {
    pthread_once(&once, load);
    if (failure[0]) return failure;
    const dnnl_version_t *loaded = onednn.dnnl_version();
    version->major = loaded->major;
    version->minor = loaded->minor;
    version->patch = loaded->patch;
    version->instructionSet = nameOfInstructionSet(onednn.dnnl_get_effective_cpu_isa());
    return NULL;
}

int onednn_matrix_product(
    bool transposeA, bool transposeB, int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t aStride,
    const float *b, int64_t bStride, float beta, float *c, int64_t cStride) {
    onednn_use_calling_thread();
    return onednn.dnnl_sgemm(
        transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', rows, columns, depth, 1, a, aStride, b, bStride, beta, c,
        cStride);
}

#endif
