"""Speed and size, each beside a floor measured in the same run. `make bench` prints and writes var/bench.json."""
