"""What happens to trust: levels are given and taken, steps of identification accepted or not."""
