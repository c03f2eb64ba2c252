"""What slotfill costs, beside others: see __main__.py."""
