"""What the speed and memory budgets of the project are measured with: `python -m benchmarks`."""
