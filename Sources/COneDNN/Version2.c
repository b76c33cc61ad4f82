#include "Library.h"

#if ONEDNN_FOUND && DNNL_VERSION_MAJOR == 2

// Version 2: layouts are structs; an operation descriptor comes before the primitive descriptor.

dnnl_status_t onednn_version_append_relu(dnnl_post_ops_t operations) {
    return onednn.dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
}

dnnl_status_t onednn_version_append_sum(dnnl_post_ops_t operations) {
    return onednn.dnnl_post_ops_append_sum(operations, 1);
}

dnnl_status_t onednn_version_plain_memory(OneDNNShape shape, dnnl_memory_t *memory) {
    dnnl_memory_desc_t layout;
    dnnl_status_t status =
        onednn.dnnl_memory_desc_init_by_tag(&layout, shape.axes, shape.extents, dnnl_f32, onednn_tag(shape));
    if (status != dnnl_success) return status;
    return onednn.dnnl_memory_create(memory, &layout, onednn.engine, DNNL_MEMORY_NONE);
}

static dnnl_status_t anyLayout(OneDNNShape shape, dnnl_data_type_t type, dnnl_memory_desc_t *layout) {
    return onednn.dnnl_memory_desc_init_by_tag(
        layout, shape.axes, shape.extents, type, shape.block > 1 ? onednn_tag(shape) : dnnl_format_tag_any);
}

dnnl_status_t onednn_version_describe_convolution(
    OneDNNPass pass, const OneDNNConvolution *shape, dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *description) {
    dnnl_memory_desc_t x, weights, bias, y;
    dnnl_status_t status = anyLayout(onednn_shape_of_x(shape), onednn_type_of(pass != OneDNNInputGradient, shape), &x);
    if (status == dnnl_success) {
        status = anyLayout(
            onednn_shape_of_weights(shape), onednn_type_of(pass != OneDNNWeightGradient, shape), &weights);
    }
    if (status == dnnl_success) status = anyLayout(onednn_shape_of_bias(shape), dnnl_f32, &bias);
    if (status == dnnl_success) {
        status = anyLayout(onednn_shape_of_y(shape), onednn_type_of(pass != OneDNNForward, shape), &y);
    }
    if (status != dnnl_success) return status;
    const dnnl_memory_desc_t *optionalBias = shape->bias ? &bias : NULL;
    const dnnl_dims_t strides = {shape->stride, shape->stride};
    const dnnl_dims_t padding = {shape->padding, shape->padding};

    dnnl_convolution_desc_t operation;
    status = onednn.dnnl_convolution_forward_desc_init(
        &operation, pass == OneDNNForward ? dnnl_forward_inference : dnnl_forward_training, dnnl_convolution_direct, &x,
        &weights, optionalBias, &y, strides, padding, padding);
    if (status != dnnl_success) return status;
    if (pass == OneDNNForward) {
        return onednn.dnnl_primitive_desc_create(description, &operation, attributes, onednn.engine, NULL);
    }

    // A backward pass takes the forward pass as a hint.
    dnnl_primitive_desc_t forward;
    status = onednn.dnnl_primitive_desc_create(&forward, &operation, NULL, onednn.engine, NULL);
    if (status != dnnl_success) return status;
    status = pass == OneDNNInputGradient
        ? onednn.dnnl_convolution_backward_data_desc_init(
              &operation, dnnl_convolution_direct, &x, &weights, &y, strides, padding, padding)
        : onednn.dnnl_convolution_backward_weights_desc_init(
              &operation, dnnl_convolution_direct, &x, &weights, optionalBias, &y, strides, padding, padding);
    if (status == dnnl_success) {
        status = onednn.dnnl_primitive_desc_create(description, &operation, attributes, onednn.engine, forward);
    }
    onednn.dnnl_primitive_desc_destroy(forward);
    return status;
}

#endif
