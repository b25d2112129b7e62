export TIDDU_MODELS=../tiddu/Models
swift run -c release corrector damaged clean
