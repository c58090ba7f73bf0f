module @layer {
  func.func @main(%arg0: tensor<1x5x6x4xui8>, %_net_0_weight: tensor<3x3x4x5xf32>, %_net_0_bias: tensor<5xf32>) -> tensor<1x5x6x5xf32> {
    %0 = "stablehlo.convert"(%arg0) : (tensor<1x5x6x4xui8>) -> tensor<1x5x6x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.003921568859368563> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x5x6x4xf32>
    %3 = "stablehlo.multiply"(%0, %2) : (tensor<1x5x6x4xf32>, tensor<1x5x6x4xf32>) -> tensor<1x5x6x4xf32>
    %4 = "stablehlo.constant"() { value = dense<[0.0, 0.0, 0.0, 0.0]> : tensor<4xf32> } : () -> tensor<4xf32>
    %5 = "stablehlo.reshape"(%4) : (tensor<4xf32>) -> tensor<1x1x1x4xf32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x4xf32>) -> tensor<1x5x6x4xf32>
    %7 = "stablehlo.subtract"(%3, %6) : (tensor<1x5x6x4xf32>, tensor<1x5x6x4xf32>) -> tensor<1x5x6x4xf32>
    %8 = "stablehlo.constant"() { value = dense<[1.0, 1.0, 1.0, 1.0]> : tensor<4xf32> } : () -> tensor<4xf32>
    %9 = "stablehlo.reshape"(%8) : (tensor<4xf32>) -> tensor<1x1x1x4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x4xf32>) -> tensor<1x5x6x4xf32>
    %11 = "stablehlo.divide"(%7, %10) : (tensor<1x5x6x4xf32>, tensor<1x5x6x4xf32>) -> tensor<1x5x6x4xf32>
    %12 = "stablehlo.convolution"(%11, %_net_0_weight) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<1x5x6x4xf32>, tensor<3x3x4x5xf32>) -> tensor<1x5x6x5xf32>
    %13 = "stablehlo.slice"(%11) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<1x5x6x4xf32>) -> tensor<1x1x1x1xf32>
    %14 = "stablehlo.reshape"(%13) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %15 = "stablehlo.slice"(%_net_0_weight) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<3x3x4x5xf32>) -> tensor<1x1x1x1xf32>
    %16 = "stablehlo.reshape"(%15) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %17 = "stablehlo.add"(%14, %16) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %18 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %19 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x5x6x5xf32>
    %20 = "stablehlo.select"(%18, %12, %19) : (tensor<i1>, tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
    %21 = "stablehlo.reshape"(%_net_0_bias) : (tensor<5xf32>) -> tensor<1x1x1x5xf32>
    %22 = "stablehlo.broadcast_in_dim"(%21) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x5xf32>) -> tensor<1x5x6x5xf32>
    %23 = "stablehlo.slice"(%_net_0_bias) {
      limit_indices = array<i64: 1>,
      start_indices = array<i64: 0>,
      strides = array<i64: 1>
    } : (tensor<5xf32>) -> tensor<1xf32>
    %24 = "stablehlo.reshape"(%23) : (tensor<1xf32>) -> tensor<f32>
    %25 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %26 = "stablehlo.broadcast_in_dim"(%24) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x5x6x5xf32>
    %27 = "stablehlo.select"(%25, %22, %26) : (tensor<i1>, tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
    %28 = "stablehlo.add"(%20, %27) : (tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
    %29 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %30 = "stablehlo.broadcast_in_dim"(%29) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<1x5x6x5xf32>
    %31 = "stablehlo.compare"(%28, %30) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction LE>
    } : (tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xi1>
    %32 = "stablehlo.select"(%31, %30, %28) : (tensor<1x5x6x5xi1>, tensor<1x5x6x5xf32>, tensor<1x5x6x5xf32>) -> tensor<1x5x6x5xf32>
    "stablehlo.return"(%32) : (tensor<1x5x6x5xf32>) -> ()
  }
}
