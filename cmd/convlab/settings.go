package main

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"convlab/cnnlib/train"
	"convlab/recipes"
)

// settings says in a line how a recipe trains: "batch 256, Adam with learning
// rate 0.001".
func settings(r recipes.Recipe) string {
	s := fmt.Sprintf("batch %d, %s with %s", r.BatchSize, kind(r.Optimizer), strings.Join(append([]string{fmt.Sprintf("learning rate %.4g", r.Rate)}, fields(r.Optimizer)...), ", "))
	if r.Schedule != (train.Schedule{}) {
		s += fmt.Sprintf(", which begins at %g of that, is full after %g of the steps and ends at %g", r.Schedule.Start, r.Schedule.Peak, r.Schedule.End)
	}
	if r.Augment != nil {
		s += ", images through " + strings.Join(strings.Fields(r.Augment.String()), " ")
	}
	if loss, ok := r.Loss.(train.CrossEntropy); ok && loss.Weights == nil {
		if loss.Smoothing != 0 {
			s += fmt.Sprintf(", label smoothing %g", loss.Smoothing)
		}
	} else if r.Loss != nil {
		s += ", " + strings.Join(append([]string{"loss " + spaced(kind(r.Loss))}, fields(r.Loss)...), ", ")
	}
	if r.Lookahead {
		s += ", lookahead"
	}
	if r.BFloat16 {
		s += ", bfloat16"
	}
	if r.Looks {
		s += ", six views of a test image"
	}
	return s
}

// kind is the name of a value's type, without its package.
func kind(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// fields are the fields of a struct that are not zero, in words: "weight decay
// 0.01", or "centered" of one that is true.
func fields(v any) []string {
	s := reflect.Indirect(reflect.ValueOf(v))
	if s.Kind() != reflect.Struct {
		return nil
	}
	var words []string
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if !f.IsExported() || s.Field(i).IsZero() {
			continue
		}
		word := spaced(f.Name)
		switch s.Field(i).Kind() {
		case reflect.Bool:
		case reflect.Float64:
			word += fmt.Sprintf(" %.4g", s.Field(i).Float())
		default:
			word += fmt.Sprintf(" %v", s.Field(i))
		}
		words = append(words, word)
	}
	return words
}

// spaced writes a name of Go as words: WeightDecay as "weight decay".
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte(' ')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
