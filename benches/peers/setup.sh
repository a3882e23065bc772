#!/bin/sh
# Makes the virtual environment of the peers, outside the tree. Run by hand, never by CI.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${RFM_PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/rfm-peers}
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
echo "$venv"
