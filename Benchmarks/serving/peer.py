"""What an engineer would write today: FastAPI in front of onnxruntime, the same layers as MODEL, one image a request.

Run by load.py: BATCHED=1 gathers requests that are there at one time into a batch, BATCHED=0 answers each by itself."""

import asyncio
import io
import os

import numpy as np
import onnxruntime
from fastapi import FastAPI, HTTPException, Request, Response
from PIL import Image

FOLDER, MODEL, IS_BATCHED = os.environ["MODELS"], os.environ["MODEL"], os.environ["BATCHED"] == "1"
MOST = 64
# What undoes each orientation.
INVERSES = [lambda x: x, np.flipud, np.fliplr, lambda x: np.rot90(x, 3), lambda x: np.rot90(x, 2), np.rot90,
            np.transpose, lambda x: np.rot90(x, 2).T]


def session(name):
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1  # two workers share two cores
    return onnxruntime.InferenceSession(f"{FOLDER}/{name}.onnx", settings, providers=["CPUExecutionProvider"])


if MODEL == "report-final":
    final = session(MODEL)
else:
    orientation, restoration = session(f"{MODEL}-orientation"), session(f"{MODEL}-restoration")
app = FastAPI()
waiting: asyncio.Queue = asyncio.Queue()


def restore(images):
    """(N, 28, 28), 0 for paper and 1 for ink."""
    if MODEL == "report-final":
        return final.run(None, {"x": images.reshape(-1, 784)})[0].reshape(-1, 28, 28)
    outputs = orientation.run(None, {"x": images[:, None]})[0]
    found = outputs.reshape(len(images), len(INVERSES), -1).sum(axis=2).argmax(axis=1)
    upright = np.stack([INVERSES[kind](image) for kind, image in zip(found, images)])
    return restoration.run(None, {"x": np.ascontiguousarray(upright[:, None])})[0][:, 0]


async def work():
    while True:
        taken = [await waiting.get()]
        while len(taken) < MOST and not waiting.empty():
            taken.append(waiting.get_nowait())
        answers = await asyncio.to_thread(restore, np.stack([image for image, _ in taken]))
        for (_, future), answer in zip(taken, answers):
            future.set_result(answer)


@app.on_event("startup")
async def start():
    if IS_BATCHED:
        app.state.worker = asyncio.create_task(work())


@app.post("/restore")
async def restore_one(request: Request):
    try:
        pixels = np.asarray(Image.open(io.BytesIO(await request.body())).convert("L"))
    except OSError:
        raise HTTPException(415, "no image")
    image = (255 - pixels).astype(np.float32) / 255
    if IS_BATCHED:
        future = asyncio.get_running_loop().create_future()
        await waiting.put((image, future))
        restored = await future
    else:
        restored = restore(image[None])[0]
    file = io.BytesIO()
    Image.fromarray(255 - np.rint(255 * restored).astype(np.uint8)).save(file, "PNG", compress_level=1)
    return Response(file.getvalue(), media_type="image/png")
