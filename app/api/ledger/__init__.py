"""Budget lines, ledger entries, disbursements, deadlines and closed periods."""
