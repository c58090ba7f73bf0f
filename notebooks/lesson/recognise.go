package lesson

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/likeliest"
)

// Trained is net after so many epochs on the training images of CIFAR-10, with
// the loss curve while it trains. It is kept in a folder of this name: when
// the cell is run again the network is opened, not trained anew.
func Trained(name string, net cnnlib.Sequential, epochs int) *cnnlib.Model {
	m := Open(net)
	fit(m, data().Train, train.Config{Epochs: epochs, Seed: 1, Dir: train.RunDir(name)})
	return m
}

// Right is the share of CIFAR-10's test images that the model recognises.
func Right(m *cnnlib.Model) float64 {
	return must(train.Evaluate(context.Background(), m, data().Test, 100)).Accuracy
}

// Class is the name of a class of CIFAR-10, 0 to 9, in the student's language.
func Class(number int) string {
	if number < 0 || number >= len(cifar.Classes) {
		must(0, wrong("there is no class %d: they are numbered from 0 to 9", "没有类别 %d：编号从 0 到 9", number))
	}
	return convviz.Label(cifar.Classes[number])
}

// Recognise shows a photo beside what a network for 32×32 pixels sees of it,
// and prints the five classes that the model holds for likeliest. file is a
// photo beside the notebook, such as "photo.jpg": JPEG, PNG, WebP, GIF, BMP or
// TIFF, grey or with transparency too; "" is a photo of the test set.
func Recognise(m *cnnlib.Model, file string) {
	photo, seen := must2(asSeen(file))
	Gallery(2, Shot{say("photo", "照片"), photo.Std()}, Shot{"32x32", seen.Std()})
	p := cnnlib.Softmax(must(m.Predict(seen.Pix, 1))[0])
	for _, c := range likeliest.Classes(p, 5) {
		fmt.Printf("%5.1f %%  %s %s\n", 100*p[c], strings.Repeat("█", int(40*p[c]+0.5)), Class(c))
	}
}

// asSeen is the photo and its 32×32 pixels: the smaller side made 32, the
// middle of the longer.
func asSeen(file string) (photo, seen augment.Image, err error) {
	if file == "" {
		photo, err = augment.FromImage(Photo(1).Image)
	} else {
		photo, err = augment.DecodeFile(file, augment.Limits{})
		if errors.Is(err, fs.ErrNotExist) {
			here, _ := os.Getwd()
			err = wrong("there is no file %q in the folder %s: drag your photo into the file list on the left while it shows this folder, and write its name with its ending",
				"文件夹 %[2]s 里没有文件 %[1]q：请在左侧文件列表显示这个文件夹时把照片拖进去，并写上带扩展名的文件名", file, here)
		}
	}
	if err != nil {
		return photo, seen, err
	}
	seen, err = augment.Apply(augment.Valid32()[:2], photo, nil)
	return photo, seen, err
}

func must2(a, b augment.Image, err error) (augment.Image, augment.Image) {
	must(0, err)
	return a, b
}
