"""The benchmarks behind `make bench`: one command, one table."""
