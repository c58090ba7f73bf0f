package cnnlib

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"pgregory.net/rapid"
)

// everyLayer has one of each kind of layer that is not made of layers of the
// caller's, with settings and an input for which each field counts.
var everyLayer = []struct {
	l  Layer
	in []int
}{
	{Conv{Out: 6, Kernel: 3}, []int{9, 8, 6}}, {TransposedConv{Out: 6, Kernel: 4, Stride: 3}, []int{4, 5, 6}}, {DepthwiseConv{Kernel: 3}, []int{9, 8, 6}},
	{SeparableConv{Out: 6, Kernel: 3}, []int{9, 8, 6}}, {SpatialConv{Out: 6, Kernel: 3}, []int{9, 8, 6}}, {FlattenedConv{Out: 6, Kernel: 3}, []int{9, 8, 6}},
	{ShuffledConv{Out: 6, Kernel: 3, Groups: 2}, []int{9, 8, 6}}, {ChannelShuffle{Groups: 2}, []int{3, 4, 6}},
	{MaxPool{Size: 3, Stride: 2, Padding: 1}, []int{8, 8, 2}}, {AvgPool{Size: 3, Stride: 2, Padding: 1}, []int{8, 8, 2}},
	{AdaptiveAvgPool{Size: 3}, []int{8, 7, 2}}, {AdaptiveMaxPool{Size: 3}, []int{8, 7, 2}}, {GlobalAvgPool{}, []int{8, 7, 2}}, {GlobalMaxPool{}, []int{8, 7, 2}},
	{ReLU{}, []int{5}}, {LeakyReLU{}, []int{5}}, {ELU{}, []int{5}}, {GELU{}, []int{5}}, {SiLU{}, []int{5}}, {Sigmoid{}, []int{5}}, {Tanh{}, []int{5}},
	{ReLU6{}, []int{5}}, {HardSigmoid{}, []int{5}}, {HardSwish{}, []int{5}}, {PReLU{}, []int{5}}, {Scale{By: 3}, []int{5}}, {Dropout{Rate: 0.3}, []int{5}},
	{SoftmaxLayer{}, []int{5}}, {LogSoftmaxLayer{}, []int{5}}, {Flatten{}, []int{3, 4, 2}}, {Dense{Out: 3}, []int{5}},
	{BatchNorm{}, []int{3, 4, 2}}, {GroupNorm{Groups: 2}, []int{3, 4, 6}}, {InstanceNorm{}, []int{3, 4, 6}}, {LayerNorm{}, []int{3, 4, 6}},
	{LocalResponseNorm{Size: 3}, []int{3, 4, 6}}, {Upsample{Factor: 1.5, Linear: true}, []int{4, 5, 2}}, {Pad{Size: 1}, []int{3, 4, 2}}, {ChannelSlice{From: 1, To: 3}, []int{3, 4, 6}},
}

// TestEveryLayerIsListed: what has a Build and is none of the ways to put
// layers together is in everyLayer.
func TestEveryLayerIsListed(t *testing.T) {
	listed := map[string]bool{"Sequential": true, "Branches": true, "NamedLayer": true, "Block": true, "identity": true}
	for _, c := range everyLayer {
		listed[reflect.TypeOf(c.l).Name()] = true
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Build" {
				if kind := fmt.Sprint(f.Recv.List[0].Type); !listed[kind] {
					t.Errorf("%s: %s is not in everyLayer", name, kind)
				}
			}
		}
	}
}

// fill sets all fields of v at random, to nonsense too.
func fill(t *rapid.T, v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), name)
		}
	case reflect.Slice:
		if rapid.IntRange(0, 2).Draw(t, name+" is set") == 2 {
			v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 3).Draw(t, name), 3))
			for i := range v.Len() {
				fill(t, v.Index(i), name)
			}
		}
	case reflect.Int:
		v.SetInt(int64(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 2, 3, 4, 6, -1}).Draw(t, name)))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Float64:
		v.SetFloat(rapid.SampledFrom([]float64{0, 0, 0, 0.5, 1, 1.5, 2, -1}).Draw(t, name))
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "", "", "native", "nonsense"}).Draw(t, name))
	default:
		t.Fatalf("no random value for %s, a %s", name, v.Type())
	}
}

// anyLayer is a layer of the kind of base: with random fields or, so that more
// fit, with some of base's.
func anyLayer(t *rapid.T, base Layer) Layer {
	v := reflect.New(reflect.TypeOf(base)).Elem()
	from := rapid.IntRange(0, 2).Draw(t, "fields of "+v.Type().Name())
	for i := range v.NumField() {
		if from == 0 || rapid.IntRange(0, 2).Draw(t, "changed") == 0 {
			fill(t, v.Field(i), v.Type().Field(i).Name)
		} else {
			v.Field(i).Set(reflect.ValueOf(base).Field(i))
		}
	}
	return v.Interface().(Layer)
}

// anyInput is the shape of one example.
var anyInput = rapid.Custom(func(t *rapid.T) []int {
	in := rapid.SliceOfN(rapid.IntRange(1, 11), 0, 3).Draw(t, "spatial")
	return append(in, rapid.SampledFrom([]int{1, 2, 4, 6}).Draw(t, "channels"))
})

// graphShape is the shape that l gives in a graph, which is not run, for one
// example of shape in.
func graphShape(b compute.Backend, l Layer, in []int, training bool) []int {
	g := graph.NewGraph(b, "shape")
	defer g.Finalize()
	store := model.NewStore()
	store.SetTraining(g, training)
	x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, append([]int{1}, in...)...))
	return l.Build(store.Scope("/layer"), x).Shape().Dimensions[1:]
}

// TestCheckTellsTheShape: for 500 random settings of each layer Check refuses
// or tells the shape that the graph has, and then the layer tells its reach
// and what its units see too.
func TestCheckTellsTheShape(t *testing.T) {
	b := labtest.Go(t)
	for _, c := range everyLayer {
		t.Run(reflect.TypeOf(c.l).Name(), func(t *testing.T) {
			accepted := 0
			rapid.Check(t, func(t *rapid.T) {
				for range 25 {
					if accepted == 500 {
						return
					}
					l, in := anyLayer(t, c.l), anyInput.Draw(t, "input")
					info, err := l.Check(in)
					if err != nil {
						continue
					}
					accepted++
					checkTold(t, b, l, in, info)
				}
			})
			least := 200
			if testing.Short() {
				least = 20 // rapid tries a fifth as often then
			}
			if accepted < least {
				t.Errorf("only %d settings were accepted, want %d", accepted, least)
			}
		})
	}
}

func checkTold(t *rapid.T, b compute.Backend, l Layer, in []int, info Info) {
	if got := graphShape(b, l, in, len(in)%2 == 0); !slices.Equal(got, info.Output) {
		t.Fatalf("%+v on %v: Check tells %v, the graph has %v", l, in, info.Output, got)
	}
	net := Sequential{l}
	if _, err := net.Summary(in); err != nil {
		t.Fatalf("%+v on %v: %v", l, in, err)
	}
	if _, err := net.Reach(in); err != nil {
		t.Fatalf("%+v on %v: %v", l, in, err)
	}
	if len(in) > 1 && len(info.Output) == len(in) {
		if _, err := net.ReceptiveField(in, "0"); err != nil && !strings.Contains(err.Error(), "its units see the whole input") {
			t.Fatalf("%+v on %v: %v", l, in, err)
		}
	}
}

// fittingNet is layers in series and in parallel that take examples of shape in,
// with branches in branches up to depth.
func fittingNet(t *rapid.T, in []int, depth int) Layer {
	var net Sequential
	for range rapid.IntRange(1, 3).Draw(t, "layers") {
		l := fittingLayer(t, in, depth)
		info, err := l.Check(in)
		if err != nil {
			t.Fatalf("%+v on %v: %v", l, in, err)
		}
		net, in = append(net, l), info.Output
	}
	return net
}

// fittingLayer is one layer that takes examples of shape in.
func fittingLayer(t *rapid.T, in []int, depth int) Layer {
	if depth > 0 && rapid.IntRange(0, 1).Draw(t, "branches") == 1 {
		all := Branches{Layers: []Layer{nil}, Join: rapid.SampledFrom([]Join{Concat, Sum, Product}).Draw(t, "join")}
		for range rapid.IntRange(1, 2).Draw(t, "branches") {
			with := append(all.Layers[:len(all.Layers):len(all.Layers)], fittingNet(t, in, depth-1))
			for _, try := range [][]Layer{with, with[1:]} { // with the input beside it, and without
				if _, err := (Branches{try, all.Join}).Check(in); err == nil {
					all.Layers = try
					break
				}
			}
		}
		return all
	}
	kinds := rapid.SampledFrom(everyLayer)
	for range 8 {
		l := anyLayer(t, kinds.Draw(t, "kind").l)
		if info, err := l.Check(in); err == nil && geometry.Volume(info.Output) < 1<<14 {
			return l
		}
	}
	return ReLU{}
}

// TestCheckTellsTheShapeOfNetworks does so for 500 networks.
func TestCheckTellsTheShapeOfNetworks(t *testing.T) {
	b := labtest.Go(t)
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			in := anyInput.Draw(t, "input")
			net := fittingNet(t, in, 2)
			p, err := Resolve(net, in)
			if err != nil {
				t.Fatal(err)
			}
			checkTold(t, b, net, in, p.Info)
		}
	})
}

// TestEveryFieldIsObeyedOrRefused changes each field of each layer to each of
// some values: Check refuses it, or the layer computes something else or has
// other weights. A Plan changes neither.
func TestEveryFieldIsObeyedOrRefused(t *testing.T) {
	b := labtest.Go(t)
	for _, c := range append(slices.Clone(everyLayer), layersByAxis...) {
		info, err := c.l.Check(c.in)
		if err != nil {
			t.Fatal(err)
		}
		was := computed(t, b, c.l, info, c.in)
		changeFields(reflect.ValueOf(c.l), func(field string, changed reflect.Value) {
			l := changed.Interface().(Layer)
			info, err := l.Check(c.in)
			if err == nil && reflect.DeepEqual(computed(t, b, l, info, c.in), was) {
				t.Errorf("%+v computes on %v what %+v does: %s is ignored", l, c.in, c.l, field)
			}
		})
	}
}

// layersByAxis has the layers that have a setting for each spatial axis.
var layersByAxis = []struct {
	l  Layer
	in []int
}{
	{Conv{Out: 6, Axes: []Window{{Kernel: 3}, {Kernel: 2, Stride: 2}}}, []int{9, 8, 6}}, {DepthwiseConv{Axes: []Window{{Kernel: 3}, {Kernel: 2, Stride: 2}}}, []int{9, 8, 6}},
	{TransposedConv{Out: 6, Axes: []Window{{Kernel: 3, Stride: 3}, {Kernel: 4, Stride: 4}}, OutputPaddings: []int{1, 0}}, []int{4, 5, 6}},
	{MaxPool{Axes: []Window{{Kernel: 3, Stride: 2, PadAfter: 1}, {Kernel: 3, Stride: 2}}}, []int{9, 10, 2}},
	{AvgPool{Axes: []Window{{Kernel: 3, Stride: 2, PadBefore: 1}, {Kernel: 3, Stride: 2}}}, []int{9, 10, 2}},
	{AdaptiveAvgPool{Sizes: []int{3, 4}}, []int{8, 7, 2}}, {AdaptiveMaxPool{Sizes: []int{3, 4}}, []int{8, 7, 2}},
	{Upsample{Factors: []float64{1.5, 2.5}, Linear: true}, []int{4, 5, 2}}, {Upsample{Sizes: []int{7, 9}, Linear: true}, []int{4, 5, 2}},
	{Pad{Sides: [][2]int{{1, 0}, {0, 0}}, Value: 1}, []int{6, 7, 2}}, {Pad{Size: 1, Mode: PadReflect}, []int{6, 7, 2}},
}

// computed is what a layer makes in training of an example that is the same
// for all, its states after that, and its weights.
func computed(t *testing.T, b compute.Backend, l Layer, info Info, in []int) []any {
	t.Helper()
	store := model.NewStore()
	var all []any
	states := []string{}
	for i, w := range info.Weights {
		scope, name := store.Scope("/layer"), w.Name
		if i := strings.LastIndex(name, "/"); i >= 0 {
			scope, name = scopeAt(scope, name[:i]), name[i+1:]
		}
		scope.VariableWithValue(name, tensors.FromFlatDataAndDimensions(w.first(1, 0, i), w.Shape...)).SetTrainable(!w.State)
		all = append(all, w)
		if w.State {
			states = append(states, name)
		}
	}
	x := randoms(rand.New(rand.NewPCG(5, 6)), append([]int{2}, in...)...)
	y, err := model.CallOnce(b, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		return l.Build(store.Scope("/layer"), graph.MulScalar(x, 10))
	}, x)
	if err != nil {
		t.Fatalf("%+v on %v: %v", l, in, err)
	}
	for _, name := range states {
		all = append(all, numbersOf(store.Scope("/layer").GetVariable(name).MustValue()))
	}
	return append(all, y.Shape().Dimensions, numbersOf(y))
}

// changeFields calls with copies of v of which one number or switch has
// another value, and its name.
func changeFields(v reflect.Value, with func(field string, changed reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Type == reflect.TypeOf(Plan{}) {
				continue
			}
			changeFields(v.Field(i), func(field string, changed reflect.Value) {
				whole := reflect.New(v.Type()).Elem()
				whole.Set(v)
				whole.Field(i).Set(changed)
				with(strings.Trim(v.Type().Field(i).Name+"."+field, "."), whole)
			})
		}
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			changeFields(v.Index(i), func(field string, changed reflect.Value) {
				whole := reflect.New(v.Type()).Elem()
				if v.Kind() == reflect.Slice {
					whole.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
				}
				reflect.Copy(whole, v)
				whole.Index(i).Set(changed)
				with(field, whole)
			})
		}
		if v.Kind() == reflect.Slice { // one more, and some where there were none
			with("", reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			some := reflect.MakeSlice(v.Type(), 2, 2)
			if some.Index(0).CanInt() {
				some.Index(0).SetInt(1)
			}
			if !reflect.DeepEqual(some.Interface(), v.Interface()) {
				with("", some)
			}
		}
	default:
		for _, to := range map[reflect.Kind][]any{reflect.Int: {-1, 2, 3, 4, 5, 6, 7}, reflect.Float64: {-1.5, 0.3, 0.7, 2.3}, reflect.Bool: {true, false}}[v.Kind()] {
			if changed := reflect.ValueOf(to).Convert(v.Type()); !changed.Equal(v) {
				with("", changed)
			}
		}
	}
}
