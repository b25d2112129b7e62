"""losses.safetensors: losses and their gradients with respect to logits (PyTorch, float64; Keras the second judge).

All but `cce` are means over all elements. `bce`: binary cross-entropy from logits up to ±60. `mse_linear`: mean squared error of
the logits themselves. `mse_sigmoid`: of the sigmoid of the logits. `binary_accuracy` is Keras' own: the share of
elements whose target equals (prediction > 0.5) exactly.

`cce`: categorical cross-entropy from logits up to ±60, −Σ t log softmax(z), a mean over images alone;
`categorical_accuracy`: the share of images whose largest logit is that of their class.
"""

import golden

import keras
import numpy as np
import torch

N, FEATURES = 6, 10

logits = golden.numbers(1, N, FEATURES, low=-4, high=4)
logits[0] = [-60, 60, -60, 60, -30, 30, 0, -88, 88, 17]
targets = golden.numbers(2, N, FEATURES, low=0, high=1)
targets[0] = [0, 1, 1, 0, 0.25, 0.75, 1, 0, 0, 1]
targets[1:3] = targets[1:3] > 0.5

z = torch.tensor(logits, requires_grad=True)
y = torch.tensor(targets)


def value_and_gradients(loss, *inputs):
    return [part.detach().numpy() for part in (loss, *torch.autograd.grad(loss, inputs))]


bce, bce_gradient = value_and_gradients(torch.nn.functional.binary_cross_entropy_with_logits(z, y), z)
golden.check(
    "binary cross-entropy", bce, keras.losses.BinaryCrossentropy(from_logits=True)(targets, logits), 1e-6)

linear, linear_gradient = value_and_gradients(torch.nn.functional.mse_loss(z, y), z)
golden.check("mean squared error", linear, keras.losses.MeanSquaredError()(targets, logits), 1e-6)

prediction = torch.sigmoid(z)
sigmoid, sigmoid_gradient, output_gradient = value_and_gradients(
    torch.nn.functional.mse_loss(prediction, y), z, prediction)
prediction = prediction.detach().numpy()
golden.check("after sigmoid", sigmoid, keras.losses.MeanSquaredError()(targets, prediction), 1e-6)

accuracy = float(keras.metrics.BinaryAccuracy()(targets, prediction))
golden.check("binary accuracy", np.mean(targets == (prediction > 0.5)), accuracy, 1e-6)

classes = np.array([3, 0, 9, 6, 2, 7])
class_logits = golden.numbers(3, N, FEATURES, low=-4, high=4)
class_logits[0] = [-60, 60, 0, -60, 30, -30, 60, 1, -1, 17]
class_logits[1] = [60, -60, -60, -60, -60, -60, -60, -60, -60, -60]
class_logits[2] = np.float32(class_logits[2] * 15)
class_logits[4, 2] = 5
one_hot = np.eye(FEATURES)[classes]

z = torch.tensor(class_logits, requires_grad=True)
cce, cce_gradient = value_and_gradients(torch.nn.functional.cross_entropy(z, torch.tensor(classes)), z)
keras_cce = keras.losses.CategoricalCrossentropy(from_logits=True)(one_hot, class_logits)
golden.check("categorical cross-entropy", cce, keras_cce, 1e-6)
class_accuracy = float(keras.metrics.CategoricalAccuracy()(one_hot, class_logits))
golden.check("categorical accuracy", np.mean(class_logits.argmax(1) == classes), class_accuracy, 1e-6)

golden.save(
    "losses",
    {
        "logits": logits, "targets": targets,
        "bce": bce, "bce_dlogits": bce_gradient,
        "mse_linear": linear, "mse_linear_dlogits": linear_gradient,
        "mse_sigmoid": sigmoid, "mse_sigmoid_dlogits": sigmoid_gradient, "mse_sigmoid_doutput": output_gradient,
        "sigmoid": prediction, "binary_accuracy": accuracy,
        "class_logits": class_logits, "classes": one_hot,
        "cce": cce, "cce_dlogits": cce_gradient, "categorical_accuracy": class_accuracy,
    },
    torch=torch.__version__, keras=keras.__version__,
)  # fmt: skip
