# convlab: learn convolutional networks by running them, in Go.
.PHONY: test clean

# Everything that is checked: format, vet, all Go tests.
test:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...
	go test ./...

# Removes what set-up and tests made.
clean:
	rm -rf .lab
