module @Exec_convlab_cnnlib_internal_lower_TestDump_func7_1 {
  func.func @main(%arg0: tensor<1x4x5x6x3xf32>, %arg1: tensor<3x2x3x3x2xf32>) -> (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) {
    %0 = "stablehlo.convolution"(%arg0, %arg1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, 2, f]x[0, 1, 2, i, o]->[b, 0, 1, 2, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1, 1>,
      padding = dense<[[1, 1], [0, 1], [2, 2]]> : tensor<3x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1, 1>,
      window_reversal = array<i1: false, false, false>,
      window_strides = array<i64: 1, 1, 2>
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
    %9 = "stablehlo.convolution"(%arg0, %arg1) {
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
    %10 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x4x5x6x3xf32>) -> tensor<1x1x1x1x1xf32>
    %11 = "stablehlo.reshape"(%10) : (tensor<1x1x1x1x1xf32>) -> tensor<f32>
    %12 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<3x2x3x3x2xf32>) -> tensor<1x1x1x1x1xf32>
    %13 = "stablehlo.reshape"(%12) : (tensor<1x1x1x1x1xf32>) -> tensor<f32>
    %14 = "stablehlo.add"(%11, %13) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %15 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %16 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x4x5x4x2xf32>
    %17 = "stablehlo.select"(%15, %9, %16) : (tensor<i1>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> tensor<1x4x5x4x2xf32>
    %18 = "stablehlo.convert"(%arg0) : (tensor<1x4x5x6x3xf32>) -> tensor<1x4x5x6x3xbf16>
    %19 = "stablehlo.convert"(%arg1) : (tensor<3x2x3x3x2xf32>) -> tensor<3x2x3x3x2xbf16>
    %20 = "stablehlo.constant"() { value = dense<0.0> : tensor<bf16> } : () -> tensor<bf16>
    %21 = "stablehlo.pad"(%18, %20) {
      edge_padding_high = array<i64: 0, 1, 0, 0, 0>,
      edge_padding_low = array<i64: 0, 1, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0, 0>
    } : (tensor<1x4x5x6x3xbf16>, tensor<bf16>) -> tensor<1x6x5x6x3xbf16>
    %22 = "stablehlo.slice"(%21) {
      limit_indices = array<i64: 1, 4, 5, 6, 3>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x6x5x6x3xbf16>) -> tensor<1x4x5x6x3xbf16>
    %23 = "stablehlo.slice"(%21) {
      limit_indices = array<i64: 1, 5, 5, 6, 3>,
      start_indices = array<i64: 0, 1, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x6x5x6x3xbf16>) -> tensor<1x4x5x6x3xbf16>
    %24 = "stablehlo.slice"(%21) {
      limit_indices = array<i64: 1, 6, 5, 6, 3>,
      start_indices = array<i64: 0, 2, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x6x5x6x3xbf16>) -> tensor<1x4x5x6x3xbf16>
    %25 = "stablehlo.concatenate"(%22, %23, %24) { dimension = 4 : i64 } : (tensor<1x4x5x6x3xbf16>, tensor<1x4x5x6x3xbf16>, tensor<1x4x5x6x3xbf16>) -> tensor<1x4x5x6x9xbf16>
    %26 = "stablehlo.reshape"(%25) : (tensor<1x4x5x6x9xbf16>) -> tensor<4x5x6x9xbf16>
    %27 = "stablehlo.transpose"(%19) { permutation = array<i64: 1, 2, 0, 3, 4> } : (tensor<3x2x3x3x2xbf16>) -> tensor<2x3x3x3x2xbf16>
    %28 = "stablehlo.reshape"(%27) : (tensor<2x3x3x3x2xbf16>) -> tensor<2x3x9x2xbf16>
    %29 = "stablehlo.convolution"(%26, %28) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 1], [2, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 2>
    } : (tensor<4x5x6x9xbf16>, tensor<2x3x9x2xbf16>) -> tensor<4x5x4x2xbf16>
    %30 = "stablehlo.reshape"(%29) : (tensor<4x5x4x2xbf16>) -> tensor<1x4x5x4x2xbf16>
    %31 = "stablehlo.slice"(%18) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<1x4x5x6x3xbf16>) -> tensor<1x1x1x1x1xbf16>
    %32 = "stablehlo.reshape"(%31) : (tensor<1x1x1x1x1xbf16>) -> tensor<bf16>
    %33 = "stablehlo.slice"(%19) {
      limit_indices = array<i64: 1, 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1, 1>
    } : (tensor<3x2x3x3x2xbf16>) -> tensor<1x1x1x1x1xbf16>
    %34 = "stablehlo.reshape"(%33) : (tensor<1x1x1x1x1xbf16>) -> tensor<bf16>
    %35 = "stablehlo.add"(%32, %34) : (tensor<bf16>, tensor<bf16>) -> tensor<bf16>
    %36 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %37 = "stablehlo.broadcast_in_dim"(%35) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<1x4x5x4x2xbf16>
    %38 = "stablehlo.select"(%36, %30, %37) : (tensor<i1>, tensor<1x4x5x4x2xbf16>, tensor<1x4x5x4x2xbf16>) -> tensor<1x4x5x4x2xbf16>
    %39 = "stablehlo.convert"(%38) : (tensor<1x4x5x4x2xbf16>) -> tensor<1x4x5x4x2xf32>
    "stablehlo.return"(%8, %17, %39) : (tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>, tensor<1x4x5x4x2xf32>) -> ()
  }
}
