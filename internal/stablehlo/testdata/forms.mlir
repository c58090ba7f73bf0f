// A program with each operation, as XLA's printer writes it and in the generic form.
// classes: cat,dog
module @forms attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<1x4x4x3xui8>) -> tensor<1x2xf32> { // classes: not,these
    %0 = stablehlo.convert %arg0 : (tensor<1x4x4x3xui8>) -> tensor<1x4x4x3xf32>
    %cst = stablehlo.constant dense<"0x0000803F0000803F0000803F"> : tensor<3xf32>
    %c = stablehlo.constant dense<[[-1, 2], [3, 9223372036854775807]]> : tensor<2x2xi64>
    %cst_0 = stablehlo.constant dense<-1.5e-05> : tensor<f32>
    %cst_1 = stablehlo.constant dense<0x7F800000> : tensor<f32>
    %cst_2 = stablehlo.constant dense<true> : tensor<i1>
    %cst_3 = stablehlo.constant dense<> : tensor<0xf32>
    %1 = stablehlo.broadcast_in_dim %cst, dims = [3] : (tensor<3xf32>) -> tensor<1x4x4x3xf32>
    %2 = stablehlo.multiply %0, %1 : tensor<1x4x4x3xf32>
    %3 = stablehlo.add %2, %1 : (tensor<1x4x4x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
    %4 = stablehlo.constant dense<0.1> : tensor<3x3x3x8xf32>
    %5 = stablehlo.convolution(%3, %4) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 1], pad = [[1, 1], [0, 2]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]} : (tensor<1x4x4x3xf32>, tensor<3x3x3x8xf32>) -> tensor<1x2x4x8xf32>
    %6 = "stablehlo.convolution"(%3, %4) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, padding = dense<[[1, 1], [0, 2]]> : tensor<2x2xi64>, window_strides = array<i64: 2, 1>, window_reversal = array<i1: false, false>}> : (tensor<1x4x4x3xf32>, tensor<3x3x3x8xf32>) -> tensor<1x2x4x8xf32>
    %7 = stablehlo.maximum %5, %6 : tensor<1x2x4x8xf32>
    %8 = stablehlo.compare GT, %5, %6, FLOAT : (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>) -> tensor<1x2x4x8xi1>
    %9 = stablehlo.select %8, %5, %6 : tensor<1x2x4x8xi1>, tensor<1x2x4x8xf32>
    %10 = "stablehlo.select"(%8, %5, %7) : (tensor<1x2x4x8xi1>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>) -> tensor<1x2x4x8xf32>
    %11 = stablehlo.slice %9 [0:1, 0:2:2, 1:3, 0:8] : (tensor<1x2x4x8xf32>) -> tensor<1x1x2x8xf32>
    %12 = stablehlo.pad %11, %cst_0, low = [0, -1, 0, 0], high = [0, 1, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x1x2x8xf32>, tensor<f32>) -> tensor<1x1x2x8xf32>
    %13 = stablehlo.transpose %12, dims = [0, 2, 1, 3] : (tensor<1x1x2x8xf32>) -> tensor<1x2x1x8xf32>
    %14 = stablehlo.reshape %13 : (tensor<1x2x1x8xf32>) -> tensor<2x8xf32>
    %15 = stablehlo.concatenate %14, %14, dim = 0 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<4x8xf32>
    %16 = stablehlo.reverse %15, dims = [0] : tensor<4x8xf32>
    %17 = stablehlo.dot_general %16, %15, contracting_dims = [1] x [1], precision = [DEFAULT, HIGHEST] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x4xf32>
    %18 = stablehlo.dot_general %16, %15, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4xf32>
    %19 = stablehlo.reduce(%17 init: %cst_1) applies stablehlo.minimum across dimensions = [1] : (tensor<4x4xf32>, tensor<f32>) -> tensor<4xf32>
    %20 = "stablehlo.reduce"(%17, %cst_0) ({
    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
      %99 = stablehlo.add %arg1, %arg2 : tensor<f32>
      stablehlo.return %99 : tensor<f32>
    }) {dimensions = array<i64: 1>} : (tensor<4x4xf32>, tensor<f32>) -> tensor<4xf32>
    %21 = "stablehlo.reduce_window"(%17, %cst_0) <{padding = dense<[[0, 0], [1, 1]]> : tensor<2x2xi64>, window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
      %99 = "stablehlo.maximum"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
      "stablehlo.return"(%99) : (tensor<f32>) -> ()
    }) : (tensor<4x4xf32>, tensor<f32>) -> tensor<2x3xf32>
    %22 = stablehlo.iota dim = 0 : tensor<2x1xi32>
    %23 = "stablehlo.gather"(%17, %22) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>, indices_are_sorted = true} : (tensor<4x4xf32>, tensor<2x1xi32>) -> tensor<2x4xf32>
    %24 = stablehlo.clamp %cst_0, %19, %cst_1 : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    %25 = stablehlo.exponential %24 : tensor<4xf32>
    %26 = chlo.erf %25 : tensor<4xf32> -> tensor<4xf32>
    %27 = "chlo.erf"(%25) : (tensor<4xf32>) -> tensor<4xf32>
    %28 = stablehlo.and %8, %8 : tensor<1x2x4x8xi1>
    %29 = call @half(%27) : (tensor<4xf32>) -> tensor<4xf32>
    %30 = func.call @half(%29) : (tensor<4xf32>) -> tensor<4xf32>
    %31 = stablehlo.slice %30 [0:2] : (tensor<4xf32>) -> tensor<2xf32>
    %32 = stablehlo.reshape %31 : (tensor<2xf32>) -> tensor<1x2xf32>
    return %32 : tensor<1x2xf32>
  }
  func.func private @half(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.5> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %2 = "stablehlo.multiply"(%arg0, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    func.return %2 : tensor<4xf32>
  }
}
