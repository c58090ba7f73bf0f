module @Exec_convlab_cnnlib_internal_lower_TestDump_func3_1 {
  func.func @main(%arg0: tensor<2x5x6x4xf32>, %arg1: tensor<2x3x4x5xf32>) -> (tensor<2x5x6x4xf32>, tensor<2x3x4x5xf32>) {
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
    %12 = "stablehlo.multiply"(%11, %11) : (tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.reduce"(%12, %14) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %13 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%13) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<2x2x3x5xf32>, tensor<f32>) -> tensor<f32>
    %16 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %17 = "stablehlo.reshape"(%16) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %18 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x1xf32>) -> tensor<2x2x3x5xf32>
    %19 = "stablehlo.multiply"(%18, %11) : (tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %20 = "stablehlo.multiply"(%18, %11) : (tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %21 = "stablehlo.add"(%19, %20) : (tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %22 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x2x3x5xf32>
    %24 = "stablehlo.select"(%9, %21, %23) : (tensor<i1>, tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %25 = "stablehlo.select"(%9, %23, %21) : (tensor<i1>, tensor<2x2x3x5xf32>, tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %26 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %27 = "stablehlo.reduce"(%25, %26) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %13 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%13) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<2x2x3x5xf32>, tensor<f32>) -> tensor<f32>
    %28 = "stablehlo.reshape"(%27) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %29 = "stablehlo.pad"(%28, %22) {
      edge_padding_high = array<i64: 1, 2, 3, 4>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<2x3x4x5xf32>
    %30 = "stablehlo.reshape"(%arg0) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %31 = "stablehlo.pad"(%30, %22) {
      edge_padding_high = array<i64: 0, 0, 0, 0>,
      edge_padding_low = array<i64: 0, 1, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x5x6x4xf32>, tensor<f32>) -> tensor<2x6x6x4xf32>
    %32 = "stablehlo.slice"(%31) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x6x6x4xf32>) -> tensor<2x5x6x4xf32>
    %33 = "stablehlo.reshape"(%21) : (tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %34 = "stablehlo.convolution"(%32, %33) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 1], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 3>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 1>
    } : (tensor<2x5x6x4xf32>, tensor<2x2x3x5xf32>) -> tensor<2x3x4x5xf32>
    %35 = "stablehlo.reshape"(%34) : (tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    %36 = "stablehlo.reshape"(%27) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %37 = "stablehlo.pad"(%36, %22) {
      edge_padding_high = array<i64: 1, 4, 5, 3>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<2x5x6x4xf32>
    %38 = "stablehlo.reshape"(%arg1) : (tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    %39 = "stablehlo.reverse"(%38) { dimensions = array<i64: 0, 1> } : (tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    %40 = "stablehlo.reshape"(%21) : (tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
    %41 = "stablehlo.convolution"(%40, %39) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, o, i]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 3>,
      padding = dense<[[2, 3], [0, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x2x3x5xf32>, tensor<2x3x4x5xf32>) -> tensor<2x5x6x4xf32>
    %42 = "stablehlo.reshape"(%41) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    "stablehlo.return"(%42, %35) : (tensor<2x5x6x4xf32>, tensor<2x3x4x5xf32>) -> ()
  }
}
