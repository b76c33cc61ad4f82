#include "Library.h"

#if ONEDNN_FOUND

#include <stdlib.h>
#include <string.h>

enum { cacheLine = 64, maximalArguments = 5 };

/// One primitive with its arguments and its scratchpad. A scratchpad of its own, because primitives that leave it to the
/// library share one.
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t arguments[maximalArguments];
    int count;
    dnnl_memory_t scratchpad;
    void *scratch;
} Step;

/// One tensor of an operation: as the caller has it, and as the primitive wants it.
typedef struct {
    dnnl_memory_t plain;
    dnnl_memory_t wanted;
    /// Between the two, if they differ, with a buffer for the wanted one.
    Step reorder;
    void *buffer;
    bool isOutput;
} Tensor;

enum { x, weights, bias, y, tensorCount };

struct OneDNNOperation {
    Tensor tensors[tensorCount];
    Step main;
    dnnl_stream_t stream;
};

struct OneDNNWeights {
    dnnl_memory_t memory;
    void *buffer;
};

static OneDNNLayout layoutOf(dnnl_memory_t memory) {
    OneDNNLayout layout = NULL;
    onednn.dnnl_memory_get_memory_desc(memory, &layout);
    return layout;
}

/// Memory in a layout, with a zeroed buffer for it: some layouts pad channels, and kernels read the padding.
static dnnl_status_t allocate(OneDNNLayout layout, dnnl_memory_t *memory, void **buffer) {
    size_t size = (onednn.dnnl_memory_desc_get_size(layout) + cacheLine - 1) / cacheLine * cacheLine;
    *buffer = aligned_alloc(cacheLine, size ? size : cacheLine);
    if (!*buffer) return dnnl_out_of_memory;
    memset(*buffer, 0, size);
    return onednn.dnnl_memory_create(memory, layout, onednn.engine, *buffer);
}

static void addArgument(Step *step, int argument, dnnl_memory_t memory) {
    step->arguments[step->count++] = (dnnl_exec_arg_t){argument, memory};
}

/// Makes the primitive, and its scratchpad if it wants one.
static dnnl_status_t prepare(Step *step, dnnl_primitive_desc_t description) {
    dnnl_status_t status = onednn.dnnl_primitive_create(&step->primitive, description);
    OneDNNLayout layout = onednn.dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    if (status == dnnl_success && layout && onednn.dnnl_memory_desc_get_size(layout) > 0) {
        status = allocate(layout, &step->scratchpad, &step->scratch);
        addArgument(step, DNNL_ARG_SCRATCHPAD, step->scratchpad);
    }
    return status;
}

static dnnl_status_t execute(const Step *step, dnnl_stream_t stream) {
    return onednn.dnnl_primitive_execute(step->primitive, stream, step->count, step->arguments);
}

static void release(Step *step) {
    if (step->primitive) onednn.dnnl_primitive_destroy(step->primitive);
    if (step->scratchpad) onednn.dnnl_memory_destroy(step->scratchpad);
    free(step->scratch);
}

static dnnl_status_t makeAttributes(bool adds, bool relu, dnnl_primitive_attr_t *attributes) {
    dnnl_status_t status = onednn.dnnl_primitive_attr_create(attributes);
    if (status == dnnl_success) {
        status = onednn.dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    }
    if (status != dnnl_success || !(adds || relu)) return status;
    dnnl_post_ops_t operations;
    status = onednn.dnnl_post_ops_create(&operations);
    if (status != dnnl_success) return status;
    if (adds) status = onednn_version_append_sum(operations);
    if (status == dnnl_success && relu) status = onednn_version_append_relu(operations);
    if (status == dnnl_success) status = onednn.dnnl_primitive_attr_set_post_ops(*attributes, operations);
    onednn.dnnl_post_ops_destroy(operations);
    return status;
}

static dnnl_status_t prepareReorder(Step *step, dnnl_memory_t from, dnnl_memory_t to) {
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = makeAttributes(false, false, &attributes);
    if (status == dnnl_success) {
        status = onednn.dnnl_reorder_primitive_desc_create(
            &description, layoutOf(from), onednn.engine, layoutOf(to), onednn.engine, attributes);
    }
    if (status == dnnl_success) {
        addArgument(step, DNNL_ARG_FROM, from);
        addArgument(step, DNNL_ARG_TO, to);
        status = prepare(step, description);
    }
    if (description) onednn.dnnl_primitive_desc_destroy(description);
    if (attributes) onednn.dnnl_primitive_attr_destroy(attributes);
    return status;
}

/// How a tensor takes part in an operation.
typedef struct {
    int tensor;
    int argument;
    dnnl_query_t query;
    int queryIndex;
    bool isOutput;
} Role;

static const Role roles[][tensorCount] = {
    [OneDNNForward] =
        {{x, DNNL_ARG_SRC, dnnl_query_src_md, 0, false},
         {weights, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0, false},
         {y, DNNL_ARG_DST, dnnl_query_dst_md, 0, true},
         {bias, DNNL_ARG_BIAS, dnnl_query_weights_md, 1, false}},
    [OneDNNInputGradient] =
        {{x, DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0, true},
         {weights, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0, false},
         {y, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0, false}},
    [OneDNNWeightGradient] =
        {{x, DNNL_ARG_SRC, dnnl_query_src_md, 0, false},
         {weights, DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, 0, true},
         {y, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0, false},
         {bias, DNNL_ARG_DIFF_BIAS, dnnl_query_diff_weights_md, 1, true}},
};

static OneDNNShape shapeOf(int tensor, const OneDNNConvolution *shape) {
    switch (tensor) {
    case x: return onednn_shape_of_x(shape);
    case weights: return onednn_shape_of_weights(shape);
    case bias: return onednn_shape_of_bias(shape);
    default: return onednn_shape_of_y(shape);
    }
}

/// The memories of one tensor. Weights that are read arrive packed, so they need no reorder and no buffer here.
static dnnl_status_t prepareTensor(
    Tensor *tensor, const Role *role, const OneDNNConvolution *shape, dnnl_primitive_desc_t description) {
    tensor->isOutput = role->isOutput;
    dnnl_status_t status = onednn_version_plain_memory(shapeOf(role->tensor, shape), &tensor->plain);
    if (status != dnnl_success) return status;
    OneDNNLayout wanted = onednn.dnnl_primitive_desc_query_md(description, role->query, role->queryIndex);
    bool arrivesPacked = role->tensor == weights && !role->isOutput;
    if (arrivesPacked || onednn.dnnl_memory_desc_equal(wanted, layoutOf(tensor->plain))) {
        return onednn.dnnl_memory_create(&tensor->wanted, wanted, onednn.engine, DNNL_MEMORY_NONE);
    }
    status = allocate(wanted, &tensor->wanted, &tensor->buffer);
    if (status != dnnl_success) return status;
    return role->isOutput ? prepareReorder(&tensor->reorder, tensor->wanted, tensor->plain)
                          : prepareReorder(&tensor->reorder, tensor->plain, tensor->wanted);
}

OneDNNOperation *onednn_create(OneDNNPass pass, const OneDNNConvolution *shape) {
    onednn_use_calling_thread();
    OneDNNOperation *operation = calloc(1, sizeof *operation);
    if (!operation) return NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    bool isForward = pass == OneDNNForward;
    dnnl_status_t status = onednn.dnnl_stream_create(&operation->stream, onednn.engine, dnnl_stream_default_flags);
    if (status == dnnl_success) status = makeAttributes(isForward && shape->adds, isForward && shape->relu, &attributes);
    if (status == dnnl_success) {
        status = onednn_version_describe_convolution(pass, shape, attributes, &description);
    }
    for (int i = 0; i < tensorCount && status == dnnl_success; i++) {
        const Role *role = &roles[pass][i];
        if (role->argument == 0 || (role->tensor == bias && !shape->bias)) continue;
        Tensor *tensor = &operation->tensors[role->tensor];
        status = prepareTensor(tensor, role, shape, description);
        addArgument(&operation->main, role->argument, tensor->wanted);
    }
    if (status == dnnl_success) status = prepare(&operation->main, description);
    if (description) onednn.dnnl_primitive_desc_destroy(description);
    if (attributes) onednn.dnnl_primitive_attr_destroy(attributes);
    if (status == dnnl_success) return operation;
    onednn_destroy(operation);
    return NULL;
}

void onednn_destroy(OneDNNOperation *operation) {
    for (int i = 0; i < tensorCount; i++) {
        Tensor *tensor = &operation->tensors[i];
        release(&tensor->reorder);
        if (tensor->plain) onednn.dnnl_memory_destroy(tensor->plain);
        if (tensor->wanted) onednn.dnnl_memory_destroy(tensor->wanted);
        free(tensor->buffer);
    }
    release(&operation->main);
    if (operation->stream) onednn.dnnl_stream_destroy(operation->stream);
    free(operation);
}

OneDNNWeights *onednn_pack(OneDNNOperation *operation, const float *plain) {
    onednn_use_calling_thread();
    OneDNNWeights *packed = calloc(1, sizeof *packed);
    if (!packed) return NULL;
    Tensor *tensor = &operation->tensors[weights];
    Step reorder = {0};
    dnnl_status_t status = allocate(layoutOf(tensor->wanted), &packed->memory, &packed->buffer);
    if (status == dnnl_success) status = onednn.dnnl_memory_set_data_handle(tensor->plain, (void *)plain);
    if (status == dnnl_success) status = prepareReorder(&reorder, tensor->plain, packed->memory);
    if (status == dnnl_success) status = execute(&reorder, operation->stream);
    release(&reorder);
    if (status == dnnl_success) return packed;
    onednn_destroy_weights(packed);
    return NULL;
}

void onednn_destroy_weights(OneDNNWeights *packed) {
    if (packed->memory) onednn.dnnl_memory_destroy(packed->memory);
    free(packed->buffer);
    free(packed);
}

/// Points a tensor at the caller's floats, and brings an input into the wanted layout.
static dnnl_status_t place(OneDNNOperation *operation, int index, const float *values) {
    Tensor *tensor = &operation->tensors[index];
    if (!tensor->wanted) return dnnl_success;
    if (!tensor->buffer) return onednn.dnnl_memory_set_data_handle(tensor->wanted, (void *)values);
    dnnl_status_t status = onednn.dnnl_memory_set_data_handle(tensor->plain, (void *)values);
    if (status == dnnl_success && !tensor->isOutput) status = execute(&tensor->reorder, operation->stream);
    return status;
}

/// Runs the primitive and brings outputs into the caller's layout.
static dnnl_status_t run(OneDNNOperation *operation) {
    dnnl_status_t status = execute(&operation->main, operation->stream);
    for (int i = 0; i < tensorCount && status == dnnl_success; i++) {
        Tensor *tensor = &operation->tensors[i];
        if (tensor->buffer && tensor->isOutput) status = execute(&tensor->reorder, operation->stream);
    }
    return status;
}

/// Packed weights bring their own memory: pointing ours at them would write the zeros of their padding once more, while
/// other threads read.
static void useWeights(OneDNNOperation *operation, const OneDNNWeights *packed) {
    for (int i = 0; i < operation->main.count; i++) {
        if (operation->main.arguments[i].arg == DNNL_ARG_WEIGHTS) operation->main.arguments[i].memory = packed->memory;
    }
}

int onednn_forward(
    OneDNNOperation *operation, const float *input, const OneDNNWeights *packed, const float *biases, float *output) {
    onednn_use_calling_thread();
    useWeights(operation, packed);
    dnnl_status_t status = place(operation, y, output);
    if (status == dnnl_success) status = place(operation, bias, biases);
    if (status == dnnl_success) status = place(operation, x, input);
    return status == dnnl_success ? run(operation) : status;
}

int onednn_input_gradient(OneDNNOperation *operation, const float *dy, const OneDNNWeights *packed, float *dx) {
    onednn_use_calling_thread();
    useWeights(operation, packed);
    dnnl_status_t status = place(operation, x, dx);
    if (status == dnnl_success) status = place(operation, y, dy);
    return status == dnnl_success ? run(operation) : status;
}

int onednn_weight_gradient(
    OneDNNOperation *operation, const float *dy, const float *input, float *dweights, float *dbias) {
    onednn_use_calling_thread();
    dnnl_status_t status = place(operation, weights, dweights);
    if (status == dnnl_success) status = place(operation, bias, dbias);
    if (status == dnnl_success) status = place(operation, x, input);
    if (status == dnnl_success) status = place(operation, y, dy);
    return status == dnnl_success ? run(operation) : status;
}

OneDNNShape onednn_shape_of_x(const OneDNNConvolution *shape) {
    return (OneDNNShape){4, {shape->batch, shape->inChannels, shape->height, shape->width}, shape->inBlock};
}

OneDNNShape onednn_shape_of_weights(const OneDNNConvolution *shape) {
    return (OneDNNShape){4, {shape->outChannels, shape->inChannels, shape->size, shape->size}, 1};
}

OneDNNShape onednn_shape_of_bias(const OneDNNConvolution *shape) {
    return (OneDNNShape){1, {shape->outChannels}, 1};
}

OneDNNShape onednn_shape_of_y(const OneDNNConvolution *shape) {
    return (OneDNNShape){4, {shape->batch, shape->outChannels, shape->outHeight, shape->outWidth}, shape->outBlock};
}

dnnl_format_tag_t onednn_tag(OneDNNShape shape) {
    if (shape.axes == 1) return dnnl_a;
    return shape.block == 16 ? dnnl_aBcd16b : shape.block == 8 ? dnnl_aBcd8b : dnnl_abcd;
}

dnnl_data_type_t onednn_type_of(bool isRead, const OneDNNConvolution *shape) {
    return shape->bfloat16 && isRead ? dnnl_bf16 : dnnl_f32;
}

bool onednn_has_bfloat16(void) {
    return (onednn.dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

int64_t onednn_channel_block(void) {
    return (onednn.dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core ? 16 : 8;
}

#endif
