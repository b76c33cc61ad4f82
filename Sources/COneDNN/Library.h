#pragma once

// What the files of this target share: oneDNN's functions as pointers, and what its versions do in ways of their own.

#include "COneDNN.h"

#if !defined(MOE_WITHOUT_ONEDNN)
#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#elif __has_include(<dnnl.h>)
#include <dnnl.h>
#endif
#endif

#if defined(DNNL_VERSION_MAJOR) && (DNNL_VERSION_MAJOR == 2 || DNNL_VERSION_MAJOR == 3)
#define ONEDNN_FOUND 1

#if DNNL_VERSION_MAJOR == 2
#define ONEDNN_VERSION_FUNCTIONS(F) \
    F(dnnl_convolution_backward_data_desc_init) \
    F(dnnl_convolution_backward_weights_desc_init) \
    F(dnnl_convolution_forward_desc_init) \
    F(dnnl_memory_desc_init_by_tag) \
    F(dnnl_primitive_desc_create)
typedef const dnnl_memory_desc_t *OneDNNLayout;
#else
#define ONEDNN_VERSION_FUNCTIONS(F) \
    F(dnnl_convolution_backward_data_primitive_desc_create) \
    F(dnnl_convolution_backward_weights_primitive_desc_create) \
    F(dnnl_convolution_forward_primitive_desc_create) \
    F(dnnl_memory_desc_create_with_tag) \
    F(dnnl_memory_desc_destroy)
typedef const_dnnl_memory_desc_t OneDNNLayout;
#endif

#define ONEDNN_FUNCTIONS(F) \
    F(dnnl_engine_create) \
    F(dnnl_get_effective_cpu_isa) \
    F(dnnl_memory_create) \
    F(dnnl_memory_desc_equal) \
    F(dnnl_memory_desc_get_size) \
    F(dnnl_memory_destroy) \
    F(dnnl_memory_get_memory_desc) \
    F(dnnl_memory_set_data_handle) \
    F(dnnl_post_ops_append_eltwise) \
    F(dnnl_post_ops_append_sum) \
    F(dnnl_post_ops_create) \
    F(dnnl_post_ops_destroy) \
    F(dnnl_primitive_attr_create) \
    F(dnnl_primitive_attr_destroy) \
    F(dnnl_primitive_attr_set_post_ops) \
    F(dnnl_primitive_attr_set_scratchpad_mode) \
    F(dnnl_primitive_create) \
    F(dnnl_primitive_desc_destroy) \
    F(dnnl_primitive_desc_query_md) \
    F(dnnl_primitive_destroy) \
    F(dnnl_primitive_execute) \
    F(dnnl_reorder_primitive_desc_create) \
    F(dnnl_sgemm) \
    F(dnnl_stream_create) \
    F(dnnl_stream_destroy) \
    F(dnnl_version) \
    ONEDNN_VERSION_FUNCTIONS(F)

typedef struct {
#define ONEDNN_DECLARE(name) __typeof__(&name) name;
    ONEDNN_FUNCTIONS(ONEDNN_DECLARE)
#undef ONEDNN_DECLARE
    dnnl_engine_t engine;
} OneDNNLibrary;

/// Filled by onednn_open and never changed afterwards.
extern OneDNNLibrary onednn;

/// Must precede every use of the library on a thread. Otherwise each thread that calls it grows a team of OpenMP threads.
void onednn_use_calling_thread(void);

/// The number and extents of a tensor's axes, outermost first, and how many of the second axis lie side by side.
typedef struct {
    int axes;
    dnnl_dims_t extents;
    int64_t block;
} OneDNNShape;

/// The caller's layout of a shape.
dnnl_format_tag_t onednn_tag(OneDNNShape shape);

// What differs between versions; both have a file with all of them.

dnnl_status_t onednn_version_append_relu(dnnl_post_ops_t operations);
dnnl_status_t onednn_version_append_sum(dnnl_post_ops_t operations);

/// Memory in the caller's layout.
dnnl_status_t onednn_version_plain_memory(OneDNNShape shape, dnnl_memory_t *memory);

/// A convolution that takes channels in blocks as they come, and otherwise chooses its layouts itself.
dnnl_status_t onednn_version_describe_convolution(
    OneDNNPass pass, const OneDNNConvolution *shape, dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *description);

/// The type of a tensor that a pass reads or writes.
dnnl_data_type_t onednn_type_of(bool isRead, const OneDNNConvolution *shape);

OneDNNShape onednn_shape_of_x(const OneDNNConvolution *shape);
OneDNNShape onednn_shape_of_weights(const OneDNNConvolution *shape);
OneDNNShape onednn_shape_of_bias(const OneDNNConvolution *shape);
OneDNNShape onednn_shape_of_y(const OneDNNConvolution *shape);

#endif
