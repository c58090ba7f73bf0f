module @Exec_convlab_cnnlib_test_TestDump_func7_1 {
  func.func @main(%arg0: tensor<2x5x6x4xf32>) -> tensor<2x5x6x5xf32> {
    %0 = "stablehlo.iota"() { iota_dimension = 0 : i64 } : () -> tensor<180xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<180xf32>) -> tensor<3x3x4x5xf32>
    %2 = "stablehlo.iota"() { iota_dimension = 0 : i64 } : () -> tensor<5xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<5xf32>) -> tensor<5xf32>
    %4 = "stablehlo.convolution"(%arg0, %1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x4xf32>, tensor<3x3x4x5xf32>) -> tensor<2x5x6x5xf32>
    %5 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %7 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.reduce"(%arg0, %7) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %6 = "stablehlo.maximum"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%6) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<2x5x6x4xf32>, tensor<f32>) -> tensor<f32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x6x5xf32>
    %10 = "stablehlo.select"(%5, %4, %9) : (tensor<i1>, tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>) -> tensor<2x5x6x5xf32>
    %11 = "stablehlo.reshape"(%3) : (tensor<5xf32>) -> tensor<1x1x1x5xf32>
    %12 = "stablehlo.broadcast_in_dim"(%11) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x5xf32>) -> tensor<2x5x6x5xf32>
    %13 = "stablehlo.add"(%10, %12) : (tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>) -> tensor<2x5x6x5xf32>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x6x5xf32>
    %16 = "stablehlo.compare"(%13, %15) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction LE>
    } : (tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>) -> tensor<2x5x6x5xi1>
    %17 = "stablehlo.select"(%16, %15, %13) : (tensor<2x5x6x5xi1>, tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>) -> tensor<2x5x6x5xf32>
    "stablehlo.return"(%17) : (tensor<2x5x6x5xf32>) -> ()
  }
}
