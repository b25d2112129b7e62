"""Reads a study as Optuna does, and prints as JSON what it found; the study can be gone on with, and be plotted."""

import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = f"sqlite:///{sys.argv[1]}"
name = optuna.get_all_study_names(storage)[0]
study = optuna.load_study(study_name=name, storage=storage)
found = {
    "name": name,
    "direction": study.direction.name,
    "best": {"number": study.best_trial.number, "value": study.best_value, "params": study.best_params},
    "trials": [
        {"state": t.state.name, "params": t.params, "values": t.intermediate_values, "seconds": t.duration.total_seconds()}
        for t in study.trials
    ],
    "notes": study.user_attrs,
}
assert optuna.importance.get_param_importances(study) is not None
trial = study.ask({key: t for key, t in study.best_trial.distributions.items()})
study.tell(trial, 1.0)
print(json.dumps(found))
