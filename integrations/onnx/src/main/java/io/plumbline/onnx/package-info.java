/**
 * ONNX: packs model files with all that describes them, and loads such packages so that they
 * predict in this process, with ONNX Runtime. Start with {@link io.plumbline.onnx.Onnx}.
 *
 * <p>Three rooms in one: what a file says about itself, read without native code ({@code
 * ModelFile}, {@code ProtoReader}, {@code FormatGuard}, {@code ExternalData}); what becomes of it
 * ({@code OnnxLoader}, {@code OnnxModel}, {@code Ports}); and the hot path ({@code OnnxPredictor},
 * {@code Call}).
 */
@NullMarked
package io.plumbline.onnx;

import org.jspecify.annotations.NullMarked;
