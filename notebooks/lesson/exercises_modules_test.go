package lesson

import "testing"

func TestModuleExercises(t *testing.T) { areChecked(t, moduleExercises) }
