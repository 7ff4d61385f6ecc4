"""How well residents are understood and answered: the same four small parts for every measure — cases, asking, measuring, a page.

`python -m evaluation` (or `make evaluate`) asks the real assistant every case of `evaluation/sets/` and writes config.json,
results.csv, problems.csv, figures.json and index.html into `results/evaluation/`. docs/evaluation.md publishes the results.
"""
