"""recognition.safetensors: cross-entropy, accuracy, confusion matrix, recall and precision of scikit-learn.

Log-probabilities (23, 4) in 32 bits; class 2 is never the true one of an image and class 3 never the likeliest, so
that a row and a column of the matrix are empty.
"""

import golden

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss, precision_score, recall_score

CLASSES = [0, 1, 2, 3]

logits = golden.numbers(5, 23, 4, low=-6, high=6)
logits[:, 3] -= 8
logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
log_probabilities = logits.astype(np.float32).astype(np.float64)
labels = np.random.default_rng(6).choice([0, 1, 3], 23)
predictions = log_probabilities.argmax(axis=1)
probabilities = np.exp(log_probabilities)

losses = [log_loss([label], [row], labels=CLASSES) for label, row in zip(labels, probabilities)]
golden.check("cross-entropy", [np.mean(losses)], [log_loss(labels, probabilities, labels=CLASSES)], 1e-12)
shares = {"labels": CLASSES, "average": None, "zero_division": 0}
tensors = {
    "log_probabilities": log_probabilities,
    "labels": labels,
    "losses": losses,
    "loss": np.mean(losses),
    "accuracy": accuracy_score(labels, predictions),
    "confusion": confusion_matrix(labels, predictions, labels=CLASSES),
    "recall": recall_score(labels, predictions, **shares),
    "precision": precision_score(labels, predictions, **shares),
}
print({key: np.round(value, 4) for key, value in tensors.items() if key not in ("log_probabilities", "labels")})
golden.save("recognition", tensors, scikit_learn=sklearn.__version__)
