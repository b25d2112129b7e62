"""Python's package as its user has it: installed from the wheel, judged by the program and by C's compiler.

TIDDU names the program (make build), ROOT the repository."""

import concurrent.futures
import ctypes
import multiprocessing
import os
import resource
import subprocess
import threading

import numpy as np
import pytest

import tiddu
from tiddu import _library

ROOT = os.environ["ROOT"]
PROGRAM = os.environ["TIDDU"]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """400 clean digits and their labels, by the program."""
    folder = tmp_path_factory.mktemp("digits")
    run("data", "synthesize", "--into", str(folder / "d.npz"), "--count", "400")
    with np.load(folder / "d.npz") as file:
        arrays = [file[name] for name in file.files]
    images = next(array for array in arrays if array.ndim >= 3)
    return images.reshape(-1, 28, 28), next(array for array in arrays if array.ndim == 1)


@pytest.fixture(scope="session")
def damaged(digits):
    return tiddu.distort(digits[0], "report-multiple", seed=5)


def by_program(command, images, folder, *arguments):
    np.save(folder / "in.npy", images)
    run(command, *arguments, str(folder / "in.npy"), "--into", str(folder / "out.npy"))
    return np.load(folder / "out.npy").reshape(images.shape)


@pytest.mark.parametrize("model", ["tiddu-best", "tiddu-small", "report-final"])
def test_restores_as_the_program_does(damaged, tmp_path, model):
    expected = by_program("restore", damaged, tmp_path, model)
    restored = tiddu.restore(damaged, model)
    assert restored.dtype == np.uint8 and np.array_equal(restored, expected)
    assert not np.array_equal(restored, damaged)


def test_distorts_as_the_program_does(digits, tmp_path):
    expected = by_program("distort", digits[0], tmp_path, "--recipe", "partly-damaged", "--seed", "7")
    assert np.array_equal(tiddu.distort(digits[0], "partly-damaged", seed=7), expected)


def test_an_image_is_distorted_by_its_number(digits):
    whole = tiddu.distort(digits[0], seed=9, epoch=2)
    parts = [tiddu.distort(digits[0][at:at + 100], seed=9, epoch=2, first=at) for at in range(0, 400, 100)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(whole, tiddu.distort(digits[0], seed=9, epoch=3))


def test_takes_recipes_as_yaml(digits):
    recipe = "steps:\n  - up-down-flip: {}\n"
    assert np.array_equal(tiddu.distort(digits[0], recipe), digits[0][:, ::-1])


def test_reads_digits_again(digits, damaged):
    labels = digits[1]
    accuracy = [(tiddu.classify(images) == labels).mean()
                for images in (digits[0], damaged, tiddu.restore(damaged, expect="report-multiple"))]
    assert accuracy[0] > 0.95 and accuracy[1] < 0.5 and accuracy[2] > 0.85


def test_probabilities(digits):
    classifier = tiddu.Classifier()
    found = classifier.probabilities(digits[0])
    assert found.shape == (400, 10) and found.dtype == np.float32
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert classifier.classes == [str(digit) for digit in range(10)]
    assert np.array_equal(found, tiddu.probabilities(digits[0]))
    assert np.array_equal(found.argmax(axis=1), classifier(digits[0]))


def test_explains(digits):
    restorer = tiddu.Restorer("tiddu-small", expect="report-multiple")
    turned = digits[0][:, ::-1, ::-1]
    restored, found = restorer.explain(turned)
    assert (found["undone"] == "rotation-180").mean() > 0.7
    assert ((found["probability"] > 0) & (found["probability"] <= 1)).all()
    assert found["changed"].any() and np.array_equal(restored, restorer(turned))
    unsure, found = restorer.explain(turned, only_if_sure=1)
    assert np.array_equal(unsure[~found["changed"]], turned[~found["changed"]])


@pytest.mark.parametrize("arrange", [
    lambda images: images[::-1],
    lambda images: images[:, ::-1, ::-1],
    lambda images: images[::3],
    lambda images: np.asfortranarray(images),
    lambda images: np.repeat(images, 2, axis=2)[:, :, ::2],
    lambda images: np.moveaxis(np.ascontiguousarray(np.moveaxis(images, 0, -1)), -1, 0),
    lambda images: np.broadcast_to(images[0], images.shape),
])
def test_any_order_in_memory(damaged, arrange):
    images = arrange(damaged)
    before = images.copy()
    assert np.array_equal(tiddu.restore(images), tiddu.restore(before.copy(order="C")))
    assert np.array_equal(images, before)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64, ">f4"])
@pytest.mark.parametrize("shape", [(28, 28), (1, 28, 28), (7, 28, 28), (7, 28, 28, 1)])
def test_shapes_and_types_come_back(damaged, dtype, shape):
    images = damaged[:7].reshape(-1, 28, 28)[:shape[0] if len(shape) > 2 else 1].reshape(shape)
    given = images if dtype == np.uint8 else (images / 255).astype(dtype)
    for result in (tiddu.restore(given, "report-final"), tiddu.distort(given)):
        assert result.shape == shape and result.dtype == given.dtype
    bytes_of = tiddu.restore(images, "report-final").astype(float)
    as_floats = tiddu.restore(given, "report-final").astype(float) * (1 if dtype == np.uint8 else 255)
    assert np.abs(bytes_of - as_floats).max() <= (1.5 if dtype == np.float16 else 0.51)


def test_no_image_is_no_trouble():
    empty = np.zeros((0, 28, 28), np.uint8)
    assert tiddu.restore(empty).shape == (0, 28, 28)
    assert tiddu.distort(empty).shape == (0, 28, 28)
    assert tiddu.classify(empty).shape == (0,)


@pytest.mark.parametrize("images, error, words", [
    (np.zeros((3, 0, 28), np.uint8), tiddu.Error, "0 rows"),
    (np.zeros((3, 28, 28, 0), np.uint8), tiddu.Error, "0 channels"),
    (np.zeros((3, 28, 28, 2), np.uint8), tiddu.Error, "2 channels"),
    (np.zeros((3, 28, 28, 3), np.uint8), tiddu.Error, "28×28×3"),
    (np.zeros((3, 30, 28), np.uint8), tiddu.Error, "30×28×1"),
    (np.zeros(28, np.uint8), tiddu.Error, "axes"),
    (np.zeros((1, 1, 28, 28, 1), np.uint8), tiddu.Error, "axes"),
    (np.uint8(3), tiddu.Error, "axes"),
    (np.zeros((2, 28, 28), np.int64), TypeError, "int64"),
    (np.zeros((2, 28, 28), bool), TypeError, "bool"),
    (np.zeros((2, 28, 28), complex), TypeError, "complex"),
    (np.zeros((2, 28, 28), "datetime64[s]"), TypeError, "datetime64"),
    (np.zeros((2, 28, 28), [("x", "u1")]), TypeError, "expected uint8"),
    (np.full((2, 28, 28), np.nan), tiddu.Error, "image 0: nan"),
    (np.full((2, 28, 28), np.inf), tiddu.Error, "image 0: inf"),
    (np.full((2, 28, 28), 255.0), tiddu.Error, "255.0 is no number from 0 to 1"),
    (np.full((2, 28, 28), -0.1), tiddu.Error, "image 0: -0.1"),
    ([[1, 2], [3]], (tiddu.Error, TypeError), "images"),
    ("photo.png", TypeError, "expected uint8"),
    (None, TypeError, "object"),
    (np.broadcast_to(np.uint8(0), (2, 1 << 21, 1)), tiddu.Error, "2097152 rows"),
])
def test_images_that_are_none(images, error, words):
    for function in (tiddu.restore, tiddu.classify):
        with pytest.raises(error, match=words):
            function(images)


def test_names_that_are_none(tmp_path):
    text = tmp_path / "text.safetensors"
    text.write_text("no model")
    for make in (tiddu.Restorer, tiddu.Classifier):
        with pytest.raises(OSError, match="nothing.here"):
            make("nothing.here")
        with pytest.raises(tiddu.Error, match="text.safetensors"):
            make(text)
        with pytest.raises(tiddu.Error, match="zero byte"):
            make("a\0b")
        with pytest.raises(TypeError):
            make(3)
        with pytest.raises(tiddu.Error):
            make(b"\xff\xfe")
    with pytest.raises(tiddu.Error, match="restores no images"):
        tiddu.Restorer("tiddu-reader")
    with pytest.raises(tiddu.Error, match="names no classes"):
        tiddu.Classifier("report-final")
    with pytest.raises(tiddu.Error, match="no recipe"):
        tiddu.Restorer("tiddu-small", expect="turned")
    with pytest.raises(tiddu.Error, match="does not say"):
        tiddu.Restorer("report-final").explain(np.zeros((1, 28, 28), np.uint8))


def test_numbers_that_are_none(damaged):
    for wrong in ({"seed": -1}, {"seed": 1 << 64}, {"epoch": -1}, {"first": 1 << 32}):
        with pytest.raises(tiddu.Error):
            tiddu.distort(damaged, **wrong)
    for wrong in (-1, 2, float("nan")):
        with pytest.raises(tiddu.Error, match="only_if_sure"):
            tiddu.Restorer("tiddu-small").restore(damaged, only_if_sure=wrong)
    for wrong in (0, -1, 5000, 1 << 40):
        with pytest.raises(tiddu.Error, match="threads"):
            tiddu.use_threads(wrong)
    with pytest.raises(tiddu.Error, match="steps"):
        tiddu.distort(damaged, "steps:\n  - nothing: {}\n")


def restored_in_child(images):
    tiddu.use_threads(2)
    return tiddu.restore(images, "tiddu-small"), len(os.listdir("/proc/self/task"))


def test_children_made_by_fork(damaged):
    tiddu.use_threads(2)
    expected = tiddu.restore(damaged, "tiddu-small")
    with multiprocessing.get_context("fork").Pool(3) as pool:
        answers = pool.map_async(restored_in_child, [damaged[:200], damaged[200:]]).get(timeout=60)
    assert np.array_equal(np.concatenate([restored for restored, _ in answers]), expected)
    # The parent's threads are not in a child: it has its own.
    assert all(threads == 2 for _, threads in answers)
    assert np.array_equal(tiddu.restore(damaged, "tiddu-small"), expected)


def test_threads_share_a_model_and_let_python_run(damaged):
    restorer = tiddu.Restorer("tiddu-best")
    expected = restorer(damaged)
    turns, ends = [0], threading.Event()

    def count():
        while not ends.is_set():
            turns[0] += 1
            ends.wait(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(restorer, [damaged] * 8))
    ends.set()
    counter.join()
    assert all(np.array_equal(result, expected) for result in results)
    assert turns[0] > 50


def test_memory_stays(damaged):
    def repeat():
        for _ in range(200):
            tiddu.restore(damaged, "report-final")
            with pytest.raises(tiddu.Error):
                tiddu.restore(damaged[:, :20])
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    repeat()
    before = repeat()
    assert repeat() - before < 2_000  # KiB; one array a turn would be 60,000


def test_models_are_given_back():
    def rss():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4

    for _ in range(3):
        tiddu.Restorer("tiddu-small")
    before = rss()
    for _ in range(10):
        tiddu.Restorer("tiddu-small")
    assert rss() - before < 10_000


def test_the_header_says_what_python_believes(tmp_path):
    source = tmp_path / "interface.c"
    source.write_text(r"""
        #include <stddef.h>
        #include <stdio.h>
        #include "tiddu.h"
        int main(void) {
          printf("%zu %zu %zu\n", sizeof(tiddu_images), offsetof(tiddu_images, type), sizeof(tiddu_finding));
          char *message = 0;
          tiddu_restorer *restorer;
          unsigned char pixels[2][28][28] = {{{0}}}, restored[2][28][28];
          tiddu_images images = {pixels, 2, 28, 28, 1, TIDDU_UINT8};
          int first = tiddu_open_restorer("report-final", 0, &restorer, &message);
          printf("%d\n", first);
          printf("%d\n", tiddu_restore(restorer, &images, 0, restored, 0, &message));
          printf("%d\n", tiddu_restore(restorer, 0, 0, restored, 0, &message));
          tiddu_free(message);
          printf("%d\n", tiddu_restore(0, &images, 0, restored, 0, 0));
          printf("%d\n", tiddu_restore(restorer, &images, 0, 0, 0, 0));
          images.count = INT64_MAX / 2;
          printf("%d\n", tiddu_restore(restorer, &images, 0, restored, 0, 0));
          images.count = -1;
          printf("%d\n", tiddu_restore(restorer, &images, 0, restored, 0, 0));
          printf("%d\n", tiddu_open_classifier(0, 0, &message));
          tiddu_free(message);
          printf("%d %d %d\n", tiddu_class_name(0, 0) == 0, tiddu_orientation_name(8) == 0, tiddu_orientation_name(-1) == 0);
          tiddu_close_restorer(restorer);
          tiddu_close_classifier(0);
          return 0;
        }""")
    library = os.path.join(os.path.dirname(tiddu.__file__), "libtiddu.so")
    program = tmp_path / "interface"
    subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/Sources/CLibraries/CTiddu", source, library,
                    "-Wl,-rpath," + os.path.dirname(library), "-o", program], check=True)
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split("\n")
    assert lines[0] == (f"{ctypes.sizeof(_library.Images)} {_library.Images.type.offset} {_library.FINDING.itemsize}")
    assert lines[1:-1] == ["0", "0", "64", "64", "64", "64", "64", "64", "1 1 1"]


def test_version():
    assert run("--version").strip().endswith(tiddu.__version__)
