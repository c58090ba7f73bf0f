module @Exec_convlab_cnnlib_internal_lower_TestDump_func2_1 {
  func.func @main(%arg0: tensor<2x5x6x4xf32>, %arg1: tensor<2x3x4x5xf32>) -> tensor<2x2x3x5xf32> {
    %0 = "stablehlo.convolution"(%arg0, %arg1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 1], [1, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 3>
    } : (tensor<2x5x6x4xf32>, tensor<2x3x4x5xf32>) -> tensor<2x2x3x5xf32>
    %1 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x5x6x4xf32>) -> tensor<1x1x1x1xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %3 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x3x4x5xf32>) -> tensor<1x1x1x1xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %6 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %7 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x2x3x5xf32>
    %8 = "stablehlo.select"(%6, %0, %7) : (tensor<i1>, tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    "stablehlo.return"(%8) : (tensor<2x2x3x5xf32>) -> ()
  }
}
