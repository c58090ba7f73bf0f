package cnnlib

import (
	"reflect"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
)

func TestPlanesAndMaps(t *testing.T) {
	planes := [][][]float32{{{1, 2, 3}, {4, 5, 6}}, {{10, 20, 30}, {40, 50, 60}}}
	x, err := ImageTensor(planes...)
	if err != nil {
		t.Fatal(err)
	}
	if dims, want := x.Shape().Dimensions, []int{1, 2, 3, 2}; !reflect.DeepEqual(dims, want) {
		t.Errorf("a plane of shape %v, want %v", dims, want)
	}
	flat, err := tensors.CopyFlatData[float32](x)
	if want := []float32{1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60}; err != nil || !reflect.DeepEqual(flat, want) {
		t.Errorf("got %v, %v, want %v", flat, err, want)
	}
	back, err := AllMaps(x)
	if err != nil || !reflect.DeepEqual(back, planes) {
		t.Errorf("got %v back, %v", back, err)
	}
	first, err := FirstMap(x)
	if err != nil || !reflect.DeepEqual(first, planes[0]) {
		t.Errorf("got %v first, %v", first, err)
	}
	k, err := FilterTensor(planes...)
	if err != nil {
		t.Fatal(err)
	}
	if dims, want := k.Shape().Dimensions, []int{2, 3, 2, 1}; !reflect.DeepEqual(dims, want) {
		t.Errorf("a filter of shape %v, want %v", dims, want)
	}
}

func TestFilters(t *testing.T) {
	k, err := KernelTensor([][][]float32{{{1, 2}}, {{3, 4}}}, [][][]float32{{{5, 6}}, {{7, 8}}}, [][][]float32{{{9, 10}}, {{11, 12}}})
	if err != nil {
		t.Fatal(err)
	}
	if dims, want := k.Shape().Dimensions, []int{1, 2, 2, 3}; !reflect.DeepEqual(dims, want) {
		t.Errorf("filters of shape %v, want %v", dims, want)
	}
	flat, err := tensors.CopyFlatData[float32](k)
	if want := []float32{1, 5, 9, 3, 7, 11, 2, 6, 10, 4, 8, 12}; err != nil || !reflect.DeepEqual(flat, want) {
		t.Errorf("got %v, %v, want %v", flat, err, want)
	}
	one := [][][]float32{{{1}}}
	for name, bad := range map[string][][][][]float32{"none": nil, "empty": {{}}, "channels": {one, {{{1}}, {{1}}}}, "sizes": {one, {{{1, 2}}}}} {
		if _, err := KernelTensor(bad...); err == nil {
			t.Errorf("%s: filters of it", name)
		}
	}
}

func TestPlanesMustFit(t *testing.T) {
	for name, bad := range map[string][][][]float32{"none": nil, "empty": {{}}, "ragged": {{{1, 2}, {3}}}, "unequal": {{{1, 2}}, {{1}, {2}}}} {
		if _, err := ImageTensor(bad...); err == nil {
			t.Errorf("%s: a plane of it", name)
		}
		if _, err := FilterTensor(bad...); err == nil {
			t.Errorf("%s: a filter of it", name)
		}
	}
	if _, err := AllMaps(tensors.FromFlatDataAndDimensions([]float32{1, 2}, 1, 2)); err == nil {
		t.Error("maps of a [1, 2] tensor")
	}
}
