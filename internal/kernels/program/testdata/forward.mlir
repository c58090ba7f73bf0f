module @Exec_convlab_cnnlib_internal_lower_TestDump_func2_1 {
  func.func @main(%arg0: tensor<2x5x6x4xf32>, %arg1: tensor<2x3x4x5xf32>) -> tensor<2x2x3x5xf32> {
    %0 = "stablehlo.reshape"(%arg0) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %1 = "stablehlo.reshape"(%arg1) : (tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    %2 = "stablehlo.convolution"(%0, %1) {
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
    %3 = "stablehlo.reshape"(%2) : (tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %4 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x5x6x4xf32>) -> tensor<1x1x1x1xf32>
    %5 = "stablehlo.reshape"(%4) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %6 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x3x4x5xf32>) -> tensor<1x1x1x1xf32>
    %7 = "stablehlo.reshape"(%6) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %8 = "stablehlo.add"(%5, %7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %9 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %10 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x2x3x5xf32>
    %11 = "stablehlo.select"(%9, %3, %10) : (tensor<i1>, tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    "stablehlo.return"(%11) : (tensor<2x2x3x5xf32>) -> ()
  }
}
