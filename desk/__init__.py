"""The seam to a live-agent desk: what a desk is, and one that is reached by signed webhooks. Knows no Rasa."""
