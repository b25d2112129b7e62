swift run -c release corrector
ls damaged
