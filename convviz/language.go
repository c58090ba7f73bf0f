package convviz

import (
	"fmt"
	"os"
	"path/filepath"
)

// The language of labels is that of whoever uses the process, as a locale is: a
// student's own call of Network has to come out in it, so it is no argument.
// This file alone asks what it is.

// Language is that of the labels: "zh" or "en". CONVLAB_LANG says which; if it
// is not set, pictures made in a folder called zh, where the Chinese notebooks
// are, have Chinese labels: JupyterLab starts those without an environment of
// their own.
func Language() string {
	if lang := os.Getenv("CONVLAB_LANG"); lang == "zh" || lang == "en" {
		return lang
	}
	if dir, err := os.Getwd(); err == nil && filepath.Base(dir) == "zh" {
		return "zh"
	}
	return "en"
}

// say gives a label in the current language; what has no translation stays.
func say(english string) string {
	if Language() == "zh" {
		if s, ok := chinese[english]; ok {
			return s
		}
	}
	return english
}

// Label is one of the pictures' own labels, such as the name of a class of
// CIFAR-10, in the current language; what has no translation stays.
func Label(english string) string { return say(english) }

// Say is a label of one's own in the current language: a picture's title in a
// notebook cell, which both languages share.
func Say(english, chinese string) string {
	if Language() == "zh" {
		return chinese
	}
	return english
}

// colon, stop and full stand between labels, between sentences and at the end.
func colon() string { return Say(": ", "：") }
func stop() string  { return Say(". ", "。") }
func full() string  { return Say(".", "。") } // at the very end

// sayf fills a label's verbs.
func sayf(english string, args ...any) string { return fmt.Sprintf(say(english), args...) }
