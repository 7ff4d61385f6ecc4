"""Brings in next year's report: a file → facts → a page and a spreadsheet to review → what is answered from. `python -m intake`."""
