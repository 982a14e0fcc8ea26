#!/usr/bin/env bash
# Summarises the GPL-3, section by section, each section a job, on a Sluice that runs already.
#   bench/gpl3.sh [TEXT]      the server and key as for every client command: SLUICE_URL, SLUICE_API_KEY, --data
# Prints one row a section: its job, state, tokens, and the beginning of the summary.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
text=${1:-/usr/share/common-licenses/GPL-3}
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

# A section begins at a line such as "  4. Conveying Verbatim Copies."; what stands before the first is part 00.
awk -v dir="$parts" '
  /^  [0-9]+\. [A-Z]/ { n++ }
  { print > sprintf("%s/%02d", dir, n) }' "$text"

summarise() {
  part=$1
  { echo "Summarise this section of a licence in two sentences."; echo; head -c 6000 "$part"; } \
    | "$here/sluice" submit --json --max-output-tokens 80 - >"$part.json" 2>"$part.err" || true
}
export -f summarise
export here
started=$(date +%s)
find "$parts" -type f -name '[0-9][0-9]' | sort | xargs -P 6 -I{} bash -c 'summarise {}'

python3 - "$parts" <<'PY'
import glob, json, sys
rows = [(p[-7:-5], open(p).read()) for p in sorted(glob.glob(sys.argv[1] + "/*.json"))]
done = tokens = 0
for part, text in rows:
    if not text.strip():
        print(part, "no answer")
        continue
    job = json.loads(text)
    usage = job["usage"] or {}
    done += job["state"] in ("completed", "incomplete")
    tokens += usage.get("completion_tokens", 0)
    summary = " ".join((job["output"] or {}).get("text", "").split())
    print(f'{part}  {job["id"][-6:]}  {job["state"]:10} {usage.get("prompt_tokens", 0):5} -> {usage.get("completion_tokens", 0):3}  {summary[:60]}')
print(f"{done} of {len(rows)} sections have a summary, {tokens} tokens")
PY
echo "$(($(date +%s) - started)) s in all"
