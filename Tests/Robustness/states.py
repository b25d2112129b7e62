"""What two runs of a command are compared by: files' digests, studies and reports, without what the clock and the machine say."""
import csv
import hashlib
import json
import pathlib
import re
import subprocess

# A search of four small networks, for so many epochs.
SPACE = """name: small
architectures:
  - dense: {{layers: [2, 3], neurons: [8, 16]}}
losses: [bce, mse]
epochs: {epochs}
"""


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def trials(program, path):
    """A study's table."""
    text = subprocess.run([program, "search", "export", path], capture_output=True, text=True).stdout
    return [{name: value for name, value in row.items() if not re.search("second|begun|ended", name)} for row in csv.DictReader(text.splitlines())]


def report(path):
    """The numbers of a report.json."""
    def timeless(value):
        if isinstance(value, dict):
            return {name: timeless(one) for name, one in value.items() if not re.search("second|date|environment|time", name, re.I)}
        return [timeless(one) for one in value] if isinstance(value, list) else value
    return timeless(json.loads(path.read_text()))


def files(folder, *patterns):
    """These files' digests."""
    found = [one for pattern in patterns for one in sorted(pathlib.Path(folder).glob(pattern)) if one.is_file()]
    return {str(one.relative_to(folder)): digest(one) for one in found}


def study(program, folder):
    """What the trials of out.sqlite came to."""
    return {"rows": trials(program, pathlib.Path(folder) / "out.sqlite"), **files(folder, "out.trials/*/best.safetensors")}


def reproduction(program, folder):
    """A report's numbers and figures, in the folder out."""
    path = pathlib.Path(folder) / "out/report.json"
    return {"report": report(path) if path.is_file() else None, **files(folder, "out/**/*.safetensors", "out/figures/*")}
