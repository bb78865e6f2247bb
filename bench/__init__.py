"""Load and scale, always beside a floor measured in the same run."""
