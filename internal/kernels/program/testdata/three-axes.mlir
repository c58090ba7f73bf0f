module @Exec_convlab_cnnlib_internal_lower_TestDump_func6_1 {
  func.func @main(%arg0: tensor<1x4x5x6x3xf32>, %arg1: tensor<3x2x3x3x2xf32>) -> (tensor<1x4x5x6x3xf32>, tensor<3x2x3x3x2xf32>) {
    %0 = "stablehlo.convolution"(%arg0, %arg1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 2, 1, 0, f]x[2, 1, 0, i, o]->[b, 2, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1, 1>,
      padding = dense<[[2, 2], [0, 1], [1, 1]]> : tensor<3x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1, 1>,
      window_reversal = array<i1: false, false, false>,
      window_strides = array<i64: 2, 1, 1>
    } : (tensor<1x4x5x6x3xf32>, tensor<3x2x3x3x2xf32>) -> tensor<1x4x5x4x2xf32>
    %1 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x4x5x6x3xf32>) -> tensor<1x1x1x1x1xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<1x1x1x1x1xf32>) -> tensor<f32>
    %3 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<3x2x3x3x2xf32>) -> tensor<1x1x1x1x1xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<1x1x1x1x1xf32>) -> tensor<f32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %6 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %7 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x4x5x4x2xf32>
    %8 = "stablehlo.select"(%6, %0, %7) : (tensor<i1>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %9 = "stablehlo.multiply"(%8, %8) : (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %11 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %12 = "stablehlo.reduce"(%9, %11) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %10 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3, 4> } : (tensor<1x4x5x4x2xf32>, tensor<f32>) -> tensor<f32>
    %13 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.reshape"(%13) : (tensor<f32>) -> tensor<1x1x1x1x1xf32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64: 0, 1, 2, 3, 4> } : (tensor<1x1x1x1x1xf32>) -> tensor<1x4x5x4x2xf32>
    %16 = "stablehlo.multiply"(%15, %8) : (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %17 = "stablehlo.multiply"(%15, %8) : (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %18 = "stablehlo.add"(%16, %17) : (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %19 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %20 = "stablehlo.broadcast_in_dim"(%19) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x4x5x4x2xf32>
    %21 = "stablehlo.select"(%6, %18, %20) : (tensor<i1>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %22 = "stablehlo.select"(%6, %20, %18) : (tensor<i1>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %23 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %24 = "stablehlo.reduce"(%22, %23) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %10 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3, 4> } : (tensor<1x4x5x4x2xf32>, tensor<f32>) -> tensor<f32>
    %25 = "stablehlo.reshape"(%24) : (tensor<f32>) -> tensor<1x1x1x1x1xf32>
    %26 = "stablehlo.pad"(%25, %19) {
      edge_padding_high = array<i64: 2, 1, 2, 2, 1>,
      edge_padding_low = array<i64: 0, 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0, 0>
    } : (tensor<1x1x1x1x1xf32>, tensor<f32>) -> tensor<3x2x3x3x2xf32>
    %27 = "stablehlo.convolution"(%arg0, %18) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 2, 1, 0, b]x[i, 2, 1, 0, o]->[2, 1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1, 1>,
      padding = dense<[[2, 1], [0, 1], [1, 1]]> : tensor<3x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 1, 1>,
      window_reversal = array<i1: false, false, false>,
      window_strides = array<i64: 1, 1, 1>
    } : (tensor<1x4x5x6x3xf32>, tensor<1x4x5x4x2xf32>) -> tensor<3x2x3x3x2xf32>
    %28 = "stablehlo.reshape"(%24) : (tensor<f32>) -> tensor<1x1x1x1x1xf32>
    %29 = "stablehlo.pad"(%28, %19) {
      edge_padding_high = array<i64: 0, 3, 4, 5, 2>,
      edge_padding_low = array<i64: 0, 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0, 0>
    } : (tensor<1x1x1x1x1xf32>, tensor<f32>) -> tensor<1x4x5x6x3xf32>
    %30 = "stablehlo.reverse"(%arg1) { dimensions = array<i64: 0, 1, 2> } : (tensor<3x2x3x3x2xf32>) -> tensor<3x2x3x3x2xf32>
    %31 = "stablehlo.convolution"(%18, %30) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 2, 1, 0, f]x[2, 1, 0, o, i]->[b, 2, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 1, 1>,
      padding = dense<[[0, 1], [1, 0], [1, 1]]> : tensor<3x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1, 1>,
      window_reversal = array<i1: false, false, false>,
      window_strides = array<i64: 1, 1, 1>
    } : (tensor<1x4x5x4x2xf32>, tensor<3x2x3x3x2xf32>) -> tensor<1x4x5x6x3xf32>
    "stablehlo.return"(%31, %27) : (tensor<1x4x5x6x3xf32>, tensor<3x2x3x3x2xf32>) -> ()
  }
}
