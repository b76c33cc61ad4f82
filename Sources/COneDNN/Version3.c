#include "Library.h"

#if ONEDNN_FOUND && DNNL_VERSION_MAJOR == 3

// Version 3: layouts are handles; a primitive descriptor is made in one call.

dnnl_status_t onednn_version_append_relu(dnnl_post_ops_t operations) {
    return onednn.dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
}

dnnl_status_t onednn_version_append_sum(dnnl_post_ops_t operations) {
    return onednn.dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
}

dnnl_status_t onednn_version_plain_memory(OneDNNShape shape, dnnl_memory_t *memory) {
    dnnl_memory_desc_t layout;
    dnnl_status_t status =
        onednn.dnnl_memory_desc_create_with_tag(&layout, shape.axes, shape.extents, dnnl_f32, onednn_tag(shape));
    if (status != dnnl_success) return status;
    status = onednn.dnnl_memory_create(memory, layout, onednn.engine, DNNL_MEMORY_NONE);
    onednn.dnnl_memory_desc_destroy(layout);
    return status;
}

static dnnl_status_t anyLayout(OneDNNShape shape, dnnl_data_type_t type, dnnl_memory_desc_t *layout) {
    return onednn.dnnl_memory_desc_create_with_tag(
        layout, shape.axes, shape.extents, type, shape.block > 1 ? onednn_tag(shape) : dnnl_format_tag_any);
}

typedef struct {
    dnnl_memory_desc_t x, weights, bias, y;
} Layouts;

static dnnl_status_t describe(
    OneDNNPass pass, const OneDNNConvolution *shape, const Layouts *any, dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *description) {
    const_dnnl_memory_desc_t bias = shape->bias ? any->bias : NULL;
    const dnnl_dims_t strides = {shape->stride, shape->stride};
    const dnnl_dims_t dilation = {0, 0};
    const dnnl_dims_t padding = {shape->padding, shape->padding};

    if (pass == OneDNNForward) {
        return onednn.dnnl_convolution_forward_primitive_desc_create(
            description, onednn.engine, dnnl_forward_inference, dnnl_convolution_direct, any->x, any->weights, bias,
            any->y, strides, dilation, padding, padding, attributes);
    }

    // A backward pass takes the forward pass as a hint.
    dnnl_primitive_desc_t forward;
    dnnl_status_t status = onednn.dnnl_convolution_forward_primitive_desc_create(
        &forward, onednn.engine, dnnl_forward_training, dnnl_convolution_direct, any->x, any->weights, bias, any->y,
        strides, dilation, padding, padding, NULL);
    if (status != dnnl_success) return status;
    status = pass == OneDNNInputGradient
        ? onednn.dnnl_convolution_backward_data_primitive_desc_create(
              description, onednn.engine, dnnl_convolution_direct, any->x, any->weights, any->y, strides, dilation,
              padding, padding, forward, attributes)
        : onednn.dnnl_convolution_backward_weights_primitive_desc_create(
              description, onednn.engine, dnnl_convolution_direct, any->x, any->weights, bias, any->y, strides,
              dilation, padding, padding, forward, attributes);
    onednn.dnnl_primitive_desc_destroy(forward);
    return status;
}

dnnl_status_t onednn_version_describe_convolution(
    OneDNNPass pass, const OneDNNConvolution *shape, dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *description) {
    Layouts any = {0};
    dnnl_status_t status = anyLayout(onednn_shape_of_x(shape), onednn_type_of(pass != OneDNNInputGradient, shape), &any.x);
    if (status == dnnl_success) {
        status = anyLayout(
            onednn_shape_of_weights(shape), onednn_type_of(pass != OneDNNWeightGradient, shape), &any.weights);
    }
    if (status == dnnl_success) status = anyLayout(onednn_shape_of_bias(shape), dnnl_f32, &any.bias);
    if (status == dnnl_success) {
        status = anyLayout(onednn_shape_of_y(shape), onednn_type_of(pass != OneDNNForward, shape), &any.y);
    }
    if (status == dnnl_success) status = describe(pass, shape, &any, attributes, description);
    if (any.x) onednn.dnnl_memory_desc_destroy(any.x);
    if (any.weights) onednn.dnnl_memory_desc_destroy(any.weights);
    if (any.bias) onednn.dnnl_memory_desc_destroy(any.bias);
    if (any.y) onednn.dnnl_memory_desc_destroy(any.y);
    return status;
}

#endif
