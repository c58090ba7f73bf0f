module @Exec_convlab_cnnlib_internal_lower_TestBiasGradient_func1_1 {
  func.func @main(%arg0: tensor<4x3x5x20xf32>, %arg1: tensor<1x1x20x17xf32>, %arg2: tensor<17xf32>, %arg3: tensor<4x3x5x17xf32>) -> (tensor<4x3x5x20xf32>, tensor<1x1x20x17xf32>, tensor<17xf32>) {
    %0 = "stablehlo.convolution"(%arg0, %arg1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x3x5x20xf32>, tensor<1x1x20x17xf32>) -> tensor<4x3x5x17xf32>
    %1 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<4x3x5x20xf32>) -> tensor<1x1x1x1xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %3 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<1x1x20x17xf32>) -> tensor<1x1x1x1xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %6 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %7 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x17xf32>
    %8 = "stablehlo.select"(%6, %0, %7) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %9 = "stablehlo.reshape"(%arg2) : (tensor<17xf32>) -> tensor<1x1x1x17xf32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x17xf32>) -> tensor<4x3x5x17xf32>
    %11 = "stablehlo.slice"(%arg2) {
      limit_indices = array<i64: 1>,
      start_indices = array<i64: 0>,
      strides = array<i64: 1>
    } : (tensor<17xf32>) -> tensor<1xf32>
    %12 = "stablehlo.reshape"(%11) : (tensor<1xf32>) -> tensor<f32>
    %13 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %14 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x17xf32>
    %15 = "stablehlo.select"(%13, %10, %14) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %16 = "stablehlo.add"(%8, %15) : (tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %17 = "stablehlo.multiply"(%16, %arg3) : (tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %19 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %20 = "stablehlo.reduce"(%17, %19) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %18 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%18) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<4x3x5x17xf32>, tensor<f32>) -> tensor<f32>
    %21 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %22 = "stablehlo.reshape"(%21) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x1xf32>) -> tensor<4x3x5x17xf32>
    %24 = "stablehlo.multiply"(%23, %arg3) : (tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %25 = "stablehlo.multiply"(%23, %16) : (tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %26 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %27 = "stablehlo.broadcast_in_dim"(%26) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x17xf32>
    %28 = "stablehlo.select"(%13, %24, %27) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %29 = "stablehlo.select"(%13, %27, %24) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %30 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %31 = "stablehlo.reduce"(%29, %30) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %18 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%18) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<4x3x5x17xf32>, tensor<f32>) -> tensor<f32>
    %32 = "stablehlo.reshape"(%31) : (tensor<f32>) -> tensor<1xf32>
    %33 = "stablehlo.pad"(%32, %26) {
      edge_padding_high = array<i64: 16>,
      edge_padding_low = array<i64: 0>,
      interior_padding = array<i64: 0>
    } : (tensor<1xf32>, tensor<f32>) -> tensor<17xf32>
    %34 = "stablehlo.broadcast_in_dim"(%21) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x1x15x1xf32>
    %35 = "stablehlo.reshape"(%24) : (tensor<4x3x5x17xf32>) -> tensor<4x1x15x17xf32>
    %36 = "stablehlo.convolution"(%34, %35) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x1xf32>, tensor<4x1x15x17xf32>) -> tensor<1x1x1x17xf32>
    %37 = "stablehlo.reshape"(%36) : (tensor<1x1x1x17xf32>) -> tensor<17xf32>
    %38 = "stablehlo.broadcast_in_dim"(%26) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x17xf32>
    %39 = "stablehlo.select"(%6, %24, %38) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %40 = "stablehlo.select"(%6, %38, %24) : (tensor<i1>, tensor<4x3x5x17xf32>, tensor<4x3x5x17xf32>) -> tensor<4x3x5x17xf32>
    %41 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %42 = "stablehlo.reduce"(%40, %41) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %18 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%18) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<4x3x5x17xf32>, tensor<f32>) -> tensor<f32>
    %43 = "stablehlo.reshape"(%42) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %44 = "stablehlo.pad"(%43, %26) {
      edge_padding_high = array<i64: 0, 0, 19, 16>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<1x1x20x17xf32>
    %45 = "stablehlo.convolution"(%arg0, %24) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x3x5x20xf32>, tensor<4x3x5x17xf32>) -> tensor<1x1x20x17xf32>
    %46 = "stablehlo.reshape"(%42) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %47 = "stablehlo.pad"(%46, %26) {
      edge_padding_high = array<i64: 3, 2, 4, 19>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<4x3x5x20xf32>
    %48 = "stablehlo.reverse"(%arg1) { dimensions = array<i64: 0, 1> } : (tensor<1x1x20x17xf32>) -> tensor<1x1x20x17xf32>
    %49 = "stablehlo.convolution"(%24, %48) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, o, i]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x3x5x17xf32>, tensor<1x1x20x17xf32>) -> tensor<4x3x5x20xf32>
    "stablehlo.return"(%49, %45, %37) : (tensor<4x3x5x20xf32>, tensor<1x1x20x17xf32>, tensor<17xf32>) -> ()
  }
}
