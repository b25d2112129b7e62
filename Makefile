# Everything is done through these; each sets up what it needs. Needs: Swift 6.1 or newer, make, python3 for the tests.

PACKAGES = libsqlite3-dev zlib1g-dev libzip-dev libspng-dev libturbojpeg0-dev libtiff-dev libwebp-dev libcairo2-dev \
  libleptonica-dev libhdf5-dev libcurl4-openssl-dev libssl-dev pkg-config fonts-dejavu-core fonts-lohit-knda
# For tiddu-mpi and all tests; `make build` and `make demo` do without.
MPI_PACKAGES = libopenmpi-dev openmpi-bin
# For the tests of the service and its page.
WEB_PACKAGES = chromium chromium-driver openssl
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
BUILD = swift build -c release
SOURCES = Sources Tests Benchmarks Examples/Sources Examples/Package.swift Package.swift
TEST_ENVIRONMENT = SWIFT_BACKTRACE=enable=no TIDDU_SERVICE=1

.PHONY: all deps deps-mpi deps-web build service serve mpi install deb wheel sbom fuzz documentation demo test test-web test-ecosystem \
  test-examples test-python check-long check-faults check-determinism check-sanitizers check-frameworks check-abuse \
  check-soak check-mutations format lint bench clean

all: build

# Debian's packages; does nothing when all are there.
deps: WANTED = $(PACKAGES)
deps-mpi: WANTED = $(PACKAGES) $(MPI_PACKAGES)
deps-web: WANTED = $(PACKAGES) $(WEB_PACKAGES)
deps deps-mpi deps-web:
	@missing=$$(dpkg-query -W -f '$${db:Status-Abbrev}$${Package}\n' $(WANTED) 2>/dev/null | sed -n 's/^ii //p' \
	  | sort | comm -13 - <(printf '%s\n' $(WANTED) | sort)); \
	if [ -n "$$missing" ]; then \
	  echo "installing $$missing"; \
	  $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi
SHELL = /bin/bash

build: deps
	$(BUILD) --product tiddu

# The HTTP service and its page. Its packages take some four minutes to build; ARGUMENTS="--port 8080" says more.
service: build
	TIDDU_SERVICE=1 $(BUILD) --product tiddu-serve

serve: service
	.build/release/tiddu serve $(ARGUMENTS)

# The same commands for several processes: mpirun -n 8 .build/release/tiddu-mpi train ...
mpi: deps-mpi
	$(BUILD) --product tiddu-mpi

# tiddu with models, completions and manual pages below PREFIX; PROGRAMS="tiddu tiddu-serve" takes the service too.
PREFIX = /usr/local
PROGRAMS = tiddu
install: deps
	Deployment/install.sh $(DESTDIR)$(PREFIX) $(PROGRAMS)

# A Debian package of tiddu and its service: .build-deb/tiddu_*.deb.
deb: deps
	Deployment/deb.sh .build-deb tiddu tiddu-serve

# Every reader by coverage-guided fuzzing, so many inputs each; prints a table.
INPUTS = 100000
fuzz: deps
	Tools/fuzz.sh all $(INPUTS)

# What a build is made of, as CycloneDX: .build/tiddu.cdx.json.
sbom: build
	TIDDU_SERVICE=1 python3 Tools/sbom.py .build/tiddu.cdx.json

# The library's reference, articles and tutorials by DocC, for a browser: .build-documentation/Tiddu.doccarchive.
documentation: deps
	Tools/documentation.sh

# Python's package: Python/dist/tiddu-*.whl. Needs python3 with its venv; the tools that build come from PyPI.
wheel: deps
	Python/build.sh

# Does the report again on small shares of the images, and shows what came of it. DATA=dir takes real data.
demo: build
	Tools/demo.sh $(DATA)

test: deps-mpi
	Tools/python-judges.sh || echo "without these packages, Python's judgement of our files is skipped" >&2
	TIDDU_SERVICE=1 $(BUILD) --build-tests
	$(TEST_ENVIRONMENT) swift test -c release --skip-build

# The service and its page, by a browser and by clients that others wrote. Needs python3 and its venv.
test-web: deps-web service
	Tests/Web/run.sh

# What other programs make of our files, and we of theirs: onnxruntime, Keras' and PyTorch's files, TensorBoard, Optuna.
test-ecosystem: deps-mpi
	Tests/InterchangeTests/Judges/setup.sh
	TIDDU_SERVICE=1 $(BUILD) --build-tests
	$(TEST_ENVIRONMENT) swift test -c release --skip-build --filter "InterchangeTests|EcosystemTests"

# Programs that use the library as a stranger does, and the documentation's tutorials, step by step.
test-examples: deps
	Examples/run.sh
	Examples/tutorials.sh

# Python's package, installed as its user does.
test-python: build wheel
	Tests/Python/run.sh

# All that takes longer than a test may: some hours. Each part is a target of its own.
check-long: check-faults check-determinism check-sanitizers check-frameworks check-abuse check-soak check-mutations

# Faults of the system at every call, kills at random moments, closed terminals, changing files, a jumping clock.
check-faults: deps-mpi build
	Tests/Robustness/faults.py
	Tests/Robustness/order.py
	Tests/Robustness/kills.py
	TIDDU_SERVICE=1 $(BUILD) --build-tests
	$(TEST_ENVIRONMENT) TIDDU_LONG=1 swift test -c release --skip-build --filter Long

# The same bytes twenty times, by one thread and two, by all instruction sets.
check-determinism: build
	Tests/Robustness/determinism.py

# The suite with address, undefined-behaviour and thread sanitizers; valgrind and clang's analyzer over the C code.
check-sanitizers: deps-mpi
	Tests/Robustness/sanitizers.sh

# The report's model trained in Keras and in PyTorch, which are installed (3 GB).
check-frameworks: wheel
	Benchmarks/setup.sh
	Examples/Python/run.sh

# What an attacker tries on the service, and half an hour each of serving, training and searching.
check-abuse: service
	Tests/Web/setup.sh
	.venv-web/bin/python Benchmarks/serving/abuse.py
check-soak: service
	$(BUILD) --product tiddu-bench
	Tests/Web/setup.sh
	.venv-web/bin/python Benchmarks/serving/soak.py
	Benchmarks/soak.sh train
	Benchmarks/soak.sh search

# Small changes in Sources, one at a time: do the tests notice them?
check-mutations: deps
	Tools/mutation.py

format:
	swift format -i -r $(SOURCES)

lint:
	swift format lint --strict -r $(SOURCES)

# Times tiddu beside Keras, PyTorch, JAX, onnxruntime and OpenVINO, reading CSV beside polars and pandas, and image
# files beside Pillow, OpenCV and libvips. Wants a quiet machine.
bench: deps
	$(BUILD) --product tiddu-bench
	$(BUILD) --product tiddu
	Benchmarks/setup.sh
	python3 Benchmarks/compare.py
	.build/release/tiddu-bench growth --into Benchmarks/results/growth.svg
	.build/release/tiddu-bench distort
	.build/release/tiddu data convert $(or $(DATA),synthetic) Benchmarks/results/train.csv --part train
	Benchmarks/.venv/bin/python Benchmarks/read_csv.py Benchmarks/results/train.csv
	Benchmarks/.venv/bin/python Benchmarks/read_images.py
	Python/build.sh
	Benchmarks/.venv/bin/pip install --quiet --force-reinstall --no-deps Python/dist/*.whl
	Benchmarks/.venv/bin/python Benchmarks/python_restore.py --data $(or $(DATA),synthetic)

clean:
	rm -rf .build demo
