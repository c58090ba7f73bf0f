package lesson

import "testing"

func TestCurveExercises(t *testing.T) { areChecked(t, curveExercises) }
