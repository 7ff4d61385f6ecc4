"""How well the facts of a report nobody has looked at are extracted: invented reports with the figures a person marked in them."""
