package augment_test

import (
	"fmt"

	"convlab/augment"
)

// The lesson's training pipeline (3.7) prints itself as PyTorch.
func ExampleCompose() {
	fmt.Println(augment.LessonTrain())
	// Output:
	// Compose([
	//     RandomRotation(45),
	//     CenterCrop(224),
	//     RandomHorizontalFlip(p=0.5),
	//     RandomVerticalFlip(p=0.5),
	//     ColorJitter(brightness=0.2, contrast=0.1, saturation=0.1, hue=0.1),
	//     RandomGrayscale(p=0.025),
	//     ToTensor(),
	//     Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
	// ])
}
