package lesson

import "testing"

func TestAugmentExercises(t *testing.T) { areChecked(t, augmentExercises) }
