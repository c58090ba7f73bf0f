module @Exec_convlab_cnnlib_internal_lower_TestDump_func5_1 {
  func.func @main(%arg0: tensor<2x5x4xf32>, %arg1: tensor<3x6x4xf32>) -> tensor<2x5x6xf32> {
    %0 = "stablehlo.reshape"(%arg1) : (tensor<3x6x4xf32>) -> tensor<1x3x6x4xf32>
    %1 = "stablehlo.reverse"(%0) { dimensions = array<i64: 0, 1> } : (tensor<1x3x6x4xf32>) -> tensor<1x3x6x4xf32>
    %2 = "stablehlo.reshape"(%arg0) : (tensor<2x5x4xf32>) -> tensor<2x1x5x4xf32>
    %3 = "stablehlo.convolution"(%2, %1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, o, i]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x1x5x4xf32>, tensor<1x3x6x4xf32>) -> tensor<2x1x5x6xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<2x1x5x6xf32>) -> tensor<2x5x6xf32>
    %5 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0>,
      strides = array<i64: 1, 1, 1>
    } : (tensor<2x5x4xf32>) -> tensor<1x1x1xf32>
    %6 = "stablehlo.reshape"(%5) : (tensor<1x1x1xf32>) -> tensor<f32>
    %7 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0>,
      strides = array<i64: 1, 1, 1>
    } : (tensor<3x6x4xf32>) -> tensor<1x1x1xf32>
    %8 = "stablehlo.reshape"(%7) : (tensor<1x1x1xf32>) -> tensor<f32>
    %9 = "stablehlo.add"(%6, %8) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %10 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %11 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x6xf32>
    %12 = "stablehlo.select"(%10, %4, %11) : (tensor<i1>, tensor<2x5x6xf32>, tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
    "stablehlo.return"(%12) : (tensor<2x5x6xf32>) -> ()
  }
}
