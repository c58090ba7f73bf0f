#!/usr/bin/env bash
# In a checkout that was moved since set-up, forgets the steps whose products
# hold absolute paths.
cd "$(dirname "$0")/.." || exit
at=$(cat .lab/done/at 2>/dev/null) || exit 0
[ "$at" = "$(pwd -P)" ] || rm -f .lab/done/{at,checked,venv,kernel,plugin,convlab,hashes}
