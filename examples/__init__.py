"""Small files to read, run and change; docs/how-it-works.md leads to them."""
