// Package nets has the lesson's networks and well-known ones as values of
// cnnlib. Their weights have torchvision's names, so that a state dict of
// torchvision loads by name:
//
//	net := nets.LeNet()
//	summary, err := net.Summary(nets.CIFARInput())
package nets
