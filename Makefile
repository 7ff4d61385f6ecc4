# make run | test | chat | train | report | publish | setup | check | clean        (make help explains them)
SHELL := /bin/bash
PORT ?= 5005
HOST ?= 127.0.0.1
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
VENV := .venv
PYTHON := $(VENV)/bin/python

# Only a Python already on the machine is used; uv's own would have to be downloaded.
export UV_PYTHON_DOWNLOADS = never
export RASA_TELEMETRY_ENABLED = false

.PHONY: report publish withdraw fuzz insights help run test lint chat train setup check evaluate benchmark clean

help:
	@echo "make run      set up, train if needed, start the assistant (PORT=$(PORT))"
	@echo "make test     run every test"
	@echo "make chat     talk to the assistant in this terminal"
	@echo "make check    check the knowledge files (STATUTES=folder also checks figures against statute texts) and list what someone should look at"
	@echo "make evaluate ask every case of evaluation/sets, write figures and a page into results/evaluation (FILES=… KIND=…: other cases)"
	@echo "make report   read a new report: facts, a spreadsheet and a page to review (FILE=report.docx AREA=枣庄市 YEAR=2021; TITLE= ISSUER=; MODEL=no: without training)"
	@echo "make publish  answer from what has been reviewed (AREA= YEAR=; UNREVIEWED=1: from everything; ANYWAY=1: below a floor too); make withdraw takes it back"
	@echo "make insights what residents asked and could not get, as a page in results/insights (DAYS=30)"
	@echo "make benchmark compare with stock Rasa on this machine (QUICK=1: only to see that it works; EPOCHS=n PARTS=\"…\" SOAK=1 YEAR=1 REUSE_STOCK=1: docs/benchmarks.md)"
	@echo "make fuzz     strange input for everything that takes any (INPUTS=100000 SEED=1); problems in results/fuzz"
	@echo "make train    train a model now"
	@echo "make clean    remove the virtual environment, models and caches"

run: setup
	@exec $(PYTHON) -m server --host $(HOST) --port $(PORT)

test: setup lint
	@$(PYTHON) -m pytest

lint: setup
	@$(VENV)/bin/ruff check .

chat: setup
	@$(PYTHON) -m server.chat

train: setup
	@$(PYTHON) -m server --train-only

check: setup
	@$(PYTHON) -m knowledge check $(if $(STATUTES),--statutes $(STATUTES))
	@$(PYTHON) -m lint || true

evaluate: setup
	@$(PYTHON) -m evaluation $(FILES) $(if $(KIND),--kind $(KIND))

benchmark: setup
	@$(PYTHON) -m benchmarks $(if $(QUICK),--quick) $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(REUSE_STOCK),--reuse-stock) $(if $(PARTS),--parts "$(PARTS)") \
	  $(if $(SOAK),--soak) $(if $(SOAK_MINUTES),--soak-minutes $(SOAK_MINUTES)) $(if $(YEAR),--year)

fuzz: setup
	@$(PYTHON) -m tests.fuzz.run $(if $(INPUTS),--inputs $(INPUTS)) $(if $(SEED),--seed $(SEED))

insights: setup
	@$(PYTHON) -m insights report $(if $(DAYS),--days $(DAYS))

WHICH = $(if $(AREA),--area "$(AREA)") $(if $(YEAR),--year "$(YEAR)") $(if $(filter no,$(MODEL)),--without-model)

report: setup
	@$(PYTHON) -m intake report $(if $(FILE),"$(FILE)") $(WHICH) $(if $(TITLE),--title "$(TITLE)") $(if $(ISSUER),--issuer "$(ISSUER)")

publish: setup
	@$(PYTHON) -m intake publish $(WHICH) $(if $(filter 1,$(UNREVIEWED)),--unreviewed) $(if $(filter 1,$(ANYWAY)),--anyway)

withdraw: setup
	@$(PYTHON) -m intake withdraw $(if $(AREA),--area "$(AREA)") $(if $(YEAR),--year "$(YEAR)")

setup: $(VENV)/.ready

$(UV):
	@command -v python3 >/dev/null || { echo "没有找到 python3，请先安装 Python 3.10。"; exit 1; }
	@echo "正在安装 uv ……"
	@python3 -m venv $(TOOLS)/uv || { echo "python3 缺少 venv 模块，请先安装（Debian：apt-get install python3-venv）。"; exit 1; }
	@$(TOOLS)/uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

$(VENV)/.ready: pyproject.toml uv.lock .python-version server/zaofatong_environment.py $(UV)
	@$(UV) python find 3.10 >/dev/null 2>&1 || { echo "没有找到 Python 3.10（Rasa 3.6 只能用它）。请安装，例如：pyenv install 3.10"; exit 1; }
	@echo "正在安装依赖（第一次要一两分钟）……"
	@$(UV) sync --frozen --quiet --compile-bytecode
	@cp server/zaofatong_environment.py $$($(PYTHON) -c "import site; print(site.getsitepackages()[0])")/zaofatong_environment.py
	@echo "import zaofatong_environment" > $$($(PYTHON) -c "import site; print(site.getsitepackages()[0])")/zaofatong_environment.pth
	@touch $@

clean:
	@rm -rf $(VENV) $(TOOLS) models .cache .rasa .pytest_cache .ruff_cache conversations.db*
