module @Exec_convlab_cnnlib_internal_lower_TestNormalize_func1_1 {
  func.func @main(%arg0: tensor<4x3x5x32xf32>, %arg1: tensor<32xf32>, %arg2: tensor<32xf32>, %arg3: tensor<4x3x5x32xf32>) -> (tensor<4x3x5x32xf32>, tensor<32xf32>, tensor<32xf32>, tensor<4x3x5x32xf32>, tensor<32xf32>, tensor<32xf32>) {
    %0 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x1x15x1xf32>
    %2 = "stablehlo.reshape"(%arg0) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %3 = "stablehlo.convolution"(%1, %2) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x1xf32>, tensor<4x1x15x32xf32>) -> tensor<1x1x1x32xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<1x1x1x32xf32>) -> tensor<32xf32>
    %5 = "stablehlo.constant"() { value = dense<0.01666666753590107> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %7 = "stablehlo.multiply"(%4, %6) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %8 = "stablehlo.reshape"(%7) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %10 = "stablehlo.subtract"(%arg0, %9) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %11 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x1x15x1xf32>
    %12 = "stablehlo.reshape"(%10) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %13 = "stablehlo.convolution"(%11, %12) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x1xf32>, tensor<4x1x15x32xf32>) -> tensor<1x1x1x32xf32>
    %14 = "stablehlo.reshape"(%13) : (tensor<1x1x1x32xf32>) -> tensor<32xf32>
    %15 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %16 = "stablehlo.multiply"(%14, %15) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %17 = "stablehlo.reshape"(%10) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %18 = "stablehlo.reshape"(%10) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %19 = "stablehlo.convolution"(%17, %18) {
      batch_group_count = 32 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x32xf32>, tensor<4x1x15x32xf32>) -> tensor<1x1x1x32xf32>
    %20 = "stablehlo.reshape"(%19) : (tensor<1x1x1x32xf32>) -> tensor<32xf32>
    %21 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %22 = "stablehlo.multiply"(%20, %21) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %23 = "stablehlo.multiply"(%16, %16) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %24 = "stablehlo.subtract"(%22, %23) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %25 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.broadcast_in_dim"(%25) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %27 = "stablehlo.maximum"(%24, %26) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %28 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %29 = "stablehlo.broadcast_in_dim"(%28) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %30 = "stablehlo.add"(%27, %29) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %31 = "stablehlo.sqrt"(%30) : (tensor<32xf32>) -> tensor<32xf32>
    %32 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %33 = "stablehlo.divide"(%32, %31) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %34 = "stablehlo.reshape"(%16) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %35 = "stablehlo.broadcast_in_dim"(%34) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %36 = "stablehlo.subtract"(%10, %35) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %37 = "stablehlo.multiply"(%arg1, %33) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %38 = "stablehlo.reshape"(%37) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %39 = "stablehlo.broadcast_in_dim"(%38) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %40 = "stablehlo.multiply"(%36, %39) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %41 = "stablehlo.reshape"(%arg2) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %42 = "stablehlo.broadcast_in_dim"(%41) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %43 = "stablehlo.add"(%40, %42) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %44 = "stablehlo.slice"(%arg0) {
      limit_indices = array<i64: 1, 1, 1, 1>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<4x3x5x32xf32>) -> tensor<1x1x1x1xf32>
    %45 = "stablehlo.reshape"(%44) : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %46 = "stablehlo.slice"(%arg1) {
      limit_indices = array<i64: 1>,
      start_indices = array<i64: 0>,
      strides = array<i64: 1>
    } : (tensor<32xf32>) -> tensor<1xf32>
    %47 = "stablehlo.reshape"(%46) : (tensor<1xf32>) -> tensor<f32>
    %48 = "stablehlo.add"(%45, %47) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %49 = "stablehlo.slice"(%arg2) {
      limit_indices = array<i64: 1>,
      start_indices = array<i64: 0>,
      strides = array<i64: 1>
    } : (tensor<32xf32>) -> tensor<1xf32>
    %50 = "stablehlo.reshape"(%49) : (tensor<1xf32>) -> tensor<f32>
    %51 = "stablehlo.add"(%48, %50) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %52 = "stablehlo.constant"() { value = dense<true> : tensor<i1> } : () -> tensor<i1>
    %53 = "stablehlo.broadcast_in_dim"(%51) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x32xf32>
    %54 = "stablehlo.select"(%52, %43, %53) : (tensor<i1>, tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %55 = "stablehlo.add"(%7, %16) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %56 = "stablehlo.multiply"(%54, %arg3) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %58 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %59 = "stablehlo.reduce"(%56, %58) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %57 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%57) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<4x3x5x32xf32>, tensor<f32>) -> tensor<f32>
    %60 = "stablehlo.reshape"(%0) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %61 = "stablehlo.broadcast_in_dim"(%60) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x1xf32>) -> tensor<4x3x5x32xf32>
    %62 = "stablehlo.multiply"(%61, %arg3) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %63 = "stablehlo.multiply"(%61, %54) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %64 = "stablehlo.broadcast_in_dim"(%25) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3x5x32xf32>
    %65 = "stablehlo.select"(%52, %62, %64) : (tensor<i1>, tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %66 = "stablehlo.select"(%52, %64, %62) : (tensor<i1>, tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %67 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %68 = "stablehlo.reduce"(%66, %67) ({
      ^reductionFn(%lhs: tensor<f32>, %rhs: tensor<f32>) :
          %57 = "stablehlo.add"(%lhs, %rhs) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%57) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2, 3> } : (tensor<4x3x5x32xf32>, tensor<f32>) -> tensor<f32>
    %69 = "stablehlo.reshape"(%68) : (tensor<f32>) -> tensor<1xf32>
    %70 = "stablehlo.pad"(%69, %25) {
      edge_padding_high = array<i64: 31>,
      edge_padding_low = array<i64: 0>,
      interior_padding = array<i64: 0>
    } : (tensor<1xf32>, tensor<f32>) -> tensor<32xf32>
    %71 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x1x15x1xf32>
    %72 = "stablehlo.reshape"(%62) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %73 = "stablehlo.convolution"(%71, %72) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x1xf32>, tensor<4x1x15x32xf32>) -> tensor<1x1x1x32xf32>
    %74 = "stablehlo.reshape"(%73) : (tensor<1x1x1x32xf32>) -> tensor<32xf32>
    %75 = "stablehlo.reshape"(%62) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %76 = "stablehlo.reshape"(%10) : (tensor<4x3x5x32xf32>) -> tensor<4x1x15x32xf32>
    %77 = "stablehlo.convolution"(%75, %76) {
      batch_group_count = 32 : i64,
      dimension_numbers = #stablehlo.conv<[f, 1, 0, b]x[i, 1, 0, o]->[1, 0, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<4x1x15x32xf32>, tensor<4x1x15x32xf32>) -> tensor<1x1x1x32xf32>
    %78 = "stablehlo.reshape"(%77) : (tensor<1x1x1x32xf32>) -> tensor<32xf32>
    %79 = "stablehlo.multiply"(%16, %74) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %80 = "stablehlo.subtract"(%78, %79) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %81 = "stablehlo.reshape"(%68) : (tensor<f32>) -> tensor<1xf32>
    %82 = "stablehlo.pad"(%81, %25) {
      edge_padding_high = array<i64: 31>,
      edge_padding_low = array<i64: 0>,
      interior_padding = array<i64: 0>
    } : (tensor<1xf32>, tensor<f32>) -> tensor<32xf32>
    %83 = "stablehlo.multiply"(%80, %33) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %84 = "stablehlo.reshape"(%68) : (tensor<f32>) -> tensor<1x1x1x1xf32>
    %85 = "stablehlo.pad"(%84, %25) {
      edge_padding_high = array<i64: 3, 2, 4, 31>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<1x1x1x1xf32>, tensor<f32>) -> tensor<4x3x5x32xf32>
    %86 = "stablehlo.multiply"(%33, %33) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %87 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %88 = "stablehlo.multiply"(%80, %87) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %89 = "stablehlo.multiply"(%86, %88) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %90 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<32xf32>
    %91 = "stablehlo.multiply"(%74, %90) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %92 = "stablehlo.reshape"(%91) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %93 = "stablehlo.broadcast_in_dim"(%92) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %94 = "stablehlo.subtract"(%62, %93) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %95 = "stablehlo.reshape"(%89) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %96 = "stablehlo.broadcast_in_dim"(%95) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %97 = "stablehlo.multiply"(%36, %96) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %98 = "stablehlo.subtract"(%94, %97) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    %99 = "stablehlo.multiply"(%arg1, %33) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %100 = "stablehlo.reshape"(%99) : (tensor<32xf32>) -> tensor<1x1x1x32xf32>
    %101 = "stablehlo.broadcast_in_dim"(%100) { broadcast_dimensions = array<i64: 0, 1, 2, 3> } : (tensor<1x1x1x32xf32>) -> tensor<4x3x5x32xf32>
    %102 = "stablehlo.multiply"(%98, %101) : (tensor<4x3x5x32xf32>, tensor<4x3x5x32xf32>) -> tensor<4x3x5x32xf32>
    "stablehlo.return"(%54, %55, %27, %102, %83, %74) : (tensor<4x3x5x32xf32>, tensor<32xf32>, tensor<32xf32>, tensor<4x3x5x32xf32>, tensor<32xf32>, tensor<32xf32>) -> ()
  }
}
