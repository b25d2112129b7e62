"""Reads a run's folder as TensorBoard does, and prints as JSON what it found: curves, pictures and settings."""

import io
import json
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

run = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0})
run.Reload()
plugin = {name: HParamsPluginData.FromString(content) for name, content in run.PluginTagToContent("hparams").items()}
start = plugin["_hparams_/session_start_info"].session_start_info
experiment = plugin["_hparams_/experiment"].experiment
settings = {}
for name, value in start.hparams.items():
    settings[name] = getattr(value, value.WhichOneof("kind"))
assert {info.name for info in experiment.hparam_infos} == set(settings)
assert start.start_time_secs > 1e9
pictures = {}
for tag in run.Tags()["images"]:
    for event in run.Images(tag):
        picture = Image.open(io.BytesIO(event.encoded_image_string))
        picture.load()
        assert picture.size == (event.width, event.height)
        pictures.setdefault(tag, []).append(event.step)
print(json.dumps({
    "curves": {tag: [[e.step, e.value] for e in run.Scalars(tag)] for tag in run.Tags()["scalars"]},
    "pictures": pictures,
    "settings": settings,
    "metrics": [info.name.tag for info in experiment.metric_infos],
    "end": plugin["_hparams_/session_end_info"].session_end_info.status,
}))
