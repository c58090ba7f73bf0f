package augment

import "testing"

func benchmark(b *testing.B, t Transform, image string) {
	m := picture(b, image)
	var s Sample
	var r Rand
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Reset(1, 0, i)
		s.Set(m)
		if err := t.Apply(&s, &r); err != nil {
			b.Fatal(err)
		}
		if s.stage != inBytes {
			s.Tensor()
		} else {
			s.settle()
		}
	}
}

func BenchmarkLessonTrain256(b *testing.B) { benchmark(b, LessonTrain(), "waves 256x256 RGB") }
func BenchmarkLessonTrain32(b *testing.B)  { benchmark(b, LessonTrain(), "noise 32x32 RGB") }
func BenchmarkLessonValid(b *testing.B)    { benchmark(b, LessonValid(), "waves 500x375 RGB") }
func BenchmarkTrain32(b *testing.B)        { benchmark(b, Train32(), "noise 32x32 RGB") }

func BenchmarkRotate(b *testing.B) {
	benchmark(b, Compose{RandomRotation{Degrees: Span{45}}, CenterCrop{Size: 224}}, "waves 256x256 RGB")
}
func BenchmarkHue(b *testing.B) {
	benchmark(b, Compose{CenterCrop{Size: 224}, ColorJitter{Hue: Span{0.1}}}, "waves 256x256 RGB")
}
func BenchmarkHueNoise(b *testing.B) {
	benchmark(b, Compose{CenterCrop{Size: 224}, ColorJitter{Hue: Span{0.1}}}, "noise 256x256 RGB")
}
func BenchmarkSaturation(b *testing.B) {
	benchmark(b, Compose{CenterCrop{Size: 224}, ColorJitter{Saturation: Span{0.1}}}, "waves 256x256 RGB")
}
func BenchmarkContrast(b *testing.B) {
	benchmark(b, Compose{CenterCrop{Size: 224}, ColorJitter{Contrast: Span{0.1}}}, "waves 256x256 RGB")
}
func BenchmarkToTensor(b *testing.B) {
	benchmark(b, Compose{CenterCrop{Size: 224}, ToTensor{}, ImageNet}, "waves 256x256 RGB")
}
