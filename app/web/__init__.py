"""What the JSON interface and the pages share of HTTP."""
