"""Time to event: curves, numbers, incidence, forest and the files of them."""
