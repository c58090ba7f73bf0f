module @Exec_convlab_cnnlib_internal_lower_TestDump_func4_1 {
  func.func @main(%arg0: tensor<2x5x6x4xf32>, %arg1: tensor<2x3x2x6xf32>) -> (tensor<2x5x6x4xf32>, tensor<2x3x2x6xf32>) {
    %0 = "stablehlo.convolution"(%arg0, %arg1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 1], [1, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 3>
    } : (tensor<2x5x6x4xf32>, tensor<2x3x2x6xf32>) -> tensor<2x2x3x6xf32>
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
    } : (tensor<2x3x2x6xf32>) -> tensor<1x1x1x1xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %6 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %7 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x2x3x6xf32>
    %8 = "stablehlo.select"(%6, %0, %7) : (tensor<i1>, tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %9 = "stablehlo.multiply"(%8, %8) : (tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %11 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %12 = "stablehlo.reduce"(%9, %11) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %10 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<2x2x3x6xf32>, tensor<f32>) -> tensor<f32>
    %13 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.reshape"(%13) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x1xf32>) -> tensor<2x2x3x6xf32>
    %16 = "stablehlo.multiply"(%15, %8) : (tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %17 = "stablehlo.multiply"(%15, %8) : (tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %18 = "stablehlo.add"(%16, %17) : (tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %19 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %20 = "stablehlo.broadcast_in_dim"(%19) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x2x3x6xf32>
    %21 = "stablehlo.select"(%6, %18, %20) : (tensor<i1>, tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %22 = "stablehlo.select"(%6, %20, %18) : (tensor<i1>, tensor<2x2x3x6xf32>, tensor<2x2x3x6xf32>) -> tensor<2x2x3x6xf32>
    %23 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %24 = "stablehlo.reduce"(%22, %23) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %10 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<2x2x3x6xf32>, tensor<f32>) -> tensor<f32>
    %25 = "stablehlo.reshape"(%24) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %26 = "stablehlo.pad"(%25, %19) {
      edge_padding_high = array<i64: 1, 2, 1, 5>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<2x3x2x6xf32>
    %27 = "stablehlo.pad"(%arg0, %19) {
      edge_padding_high = array<i64: 0, 0, 0, 0>,
      edge_padding_low = array<i64: 0, 1, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x5x6x4xf32>, tensor<f32>) -> tensor<2x6x6x4xf32>
    %28 = "stablehlo.slice"(%27) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x6x6x4xf32>) -> tensor<2x5x6x4xf32>
    %29 = "stablehlo.convolution"(%28, %18) {
      batch_group_count = 2 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 1], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 3>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 1>
    } : (tensor<2x5x6x4xf32>, tensor<2x2x3x6xf32>) -> tensor<2x3x2x6xf32>
    %30 = "stablehlo.reshape"(%24) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %31 = "stablehlo.pad"(%30, %19) {
      edge_padding_high = array<i64: 1, 4, 5, 3>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<2x5x6x4xf32>
    %32 = "stablehlo.reverse"(%arg1) { dimensions = array<i64: 0, 1> } : (tensor<2x3x2x6xf32>) -> tensor<2x3x2x6xf32>
    %33 = "stablehlo.reshape"(%32) : (tensor<2x3x2x6xf32>) -> tensor<6x2x2x3xf32>
    %34 = "stablehlo.transpose"(%33) { permutation = array<i64: 0, 3, 2, 1> } : (tensor<6x2x2x3xf32>) -> tensor<6x3x2x2xf32>
    %35 = "stablehlo.reshape"(%34) : (tensor<6x3x2x2xf32>) -> tensor<2x3x3x4xf32>
    %36 = "stablehlo.convolution"(%18, %35) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 2, 3>,
      padding = dense<[[2, 3], [0, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x2x3x6xf32>, tensor<2x3x3x4xf32>) -> tensor<2x5x6x4xf32>
    "stablehlo.return"(%36, %29) : (tensor<2x5x6x4xf32>, tensor<2x3x2x6xf32>) -> ()
  }
}
